import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Parsed JSON that a test changes. */
export type Loose = ReturnType<typeof JSON.parse>;

export interface ChangedAssembly {
  readonly folder: string;
  remove(): void;
}

/** A copy of a synthesized stack with another template: what somebody might deploy by mistake. */
export const changedAssembly = (
  folder: string,
  change: (template: Loose, copy: { addFunction(source: string): string }) => void,
): ChangedAssembly => {
  const copy = mkdtempSync(join(tmpdir(), 'gatehouse-assembly-'));
  cpSync(folder, copy, { recursive: true });
  const path = (ending: string): string =>
    join(copy, readdirSync(copy).find((name) => name.endsWith(ending)) ?? ending);
  const rewrite = (file: string, by: (json: Loose) => void): void => {
    const json: Loose = JSON.parse(readFileSync(file, 'utf8'));
    by(json);
    writeFileSync(file, JSON.stringify(json));
  };
  const addFunction = (source: string): string => {
    const asset = `asset.added${readdirSync(copy).length}`;
    mkdirSync(join(copy, asset));
    writeFileSync(join(copy, asset, 'index.mjs'), source);
    rewrite(path('.assets.json'), ({ files }) => {
      files[asset] = {
        source: { path: asset, packaging: 'zip' },
        destinations: { here: { objectKey: `${asset}.zip` } },
      };
    });
    return `${asset}.zip`;
  };
  rewrite(path('.template.json'), (template) => change(template, { addFunction }));
  return { folder: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
};

/**
 * Adds `GET {path}`, made as `/health` is made, but with a function of its own: the mistake that a
 * hurried team makes.
 */
export const withBareRoute =
  (path: string, source: string) =>
  (template: Loose, { addFunction }: { addFunction(source: string): string }): void => {
    const resources: Record<string, Loose> = template.Resources;
    const find = (is: (resource: Loose) => boolean): readonly [string, Loose] =>
      Object.entries(resources).find(([, each]) => is(each)) ?? ['', {}];
    const [resource] = find(
      ({ Type, Properties }) =>
        Type === 'AWS::ApiGateway::Resource' && Properties.PathPart === 'health',
    );
    const [method] = find(
      ({ Type, Properties }) =>
        Type === 'AWS::ApiGateway::Method' &&
        Properties.HttpMethod === 'GET' &&
        Properties.ResourceId.Ref === resource,
    );
    const [fn] = find(
      ({ Type, Properties }) =>
        Type === 'AWS::Lambda::Function' &&
        Properties.Environment?.Variables?.POWERTOOLS_SERVICE_NAME === 'health',
    );
    const added = {
      resource: `${path}Resource`,
      method: `${path}Method`,
      function: `${path}Function`,
    };
    const renamed = { [resource]: added.resource, [method]: added.method, [fn]: added.function };
    for (const [from, to] of Object.entries(renamed)) {
      const text = Object.entries(renamed).reduce(
        (json, [old, fresh]) => json.replaceAll(`"${old}"`, `"${fresh}"`),
        JSON.stringify(resources[from]),
      );
      resources[to] = JSON.parse(text);
    }
    resources[`${path}Permission`] = {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [added.function, 'Arn'] },
        Principal: 'apigateway.amazonaws.com',
      },
    };
    resources[added.resource].Properties.PathPart = path;
    const { Properties } = resources[added.function];
    Properties.Code.S3Key = addFunction(source);
    Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME = path;
  };
