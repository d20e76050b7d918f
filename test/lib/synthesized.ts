import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { readConfiguration } from '../../lib/configuration.ts';
import { GatehouseStack, type GatehouseStackProps } from '../../lib/gatehouse-stack.ts';
import { localRuntime } from '../../policy/local-runtime.ts';
import { testApp } from './test-app.ts';

/** What a template holds; its types are CloudFormation's, which no test needs to repeat. */
type Json = ReturnType<Template['toJSON']>[string];

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, Json>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly Condition?: string;
}

/** A deployment with a host of its own: what most tests look at. */
export const withDomain = {
  domain: {
    name: 'mcp.example.com',
    certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0f0f0f',
  },
} as const;

const known = new Map<string, Template>();

/**
 * The template that the stack synthesizes from a configuration, as an operator would write it. One
 * synthesis a worker for each.
 */
export const synthesized = (
  configuration: object = withDomain,
  props: Omit<GatehouseStackProps, 'configuration'> = {},
  context: Record<string, unknown> = {},
): Template => {
  const key = JSON.stringify([configuration, props, context]);
  const template = known.get(key) ?? synthesize(configuration, props, context);
  known.set(key, template);
  return template;
};

/** CDK context with which the local runtime has a stack synthesized. */
export const inLocalRuntime = (port: number) => ({
  [localRuntime.contextKey]: { urlMode: 'domain', port },
});

const synthesize = (
  configuration: object,
  props: Omit<GatehouseStackProps, 'configuration'>,
  context: Record<string, unknown>,
): Template => {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  try {
    // The template alone is looked at here: `cdk synth` and strict.slow.test.ts hold it to the rules.
    const app = testApp({
      outdir,
      context,
    });
    return Template.fromStack(
      new GatehouseStack(app, 'Gatehouse-test', {
        configuration: readConfiguration(configuration),
        ...props,
      }),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

/** Resources of a type, by logical id. */
export const resources = (template: Template, type: string): Readonly<Record<string, Resource>> =>
  template.findResources(type) as Record<string, Resource>;

/** The properties of each resource of a type. */
export const properties = (template: Template, type: string): readonly Resource['Properties'][] =>
  Object.values(resources(template, type)).map(({ Properties }) => Properties);

/** The one resource of a type. */
export const only = (template: Template, type: string): Resource['Properties'] => {
  const [found, ...more] = properties(template, type);
  if (found === undefined || more.length > 0) throw new Error(`${type}: not exactly one`);
  return found;
};

/** A value with its intrinsics written as text: `https://${Api}.execute-api.…`. */
export const text = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = ['', undefined]] = Object.entries(value);
  if (name === 'Ref') return `\${${argument}}`;
  if (name === 'Fn::GetAtt') return `\${${argument.join('.')}}`;
  if (name === 'Fn::Join') return argument[1].map(text).join(argument[0]);
  return JSON.stringify(value);
};

/** The functions that serve or sign in, by logical id: not the one that CloudFormation calls. */
export const servingFunctions = (template: Template): Readonly<Record<string, Resource>> =>
  Object.fromEntries(
    Object.entries(resources(template, 'AWS::Lambda::Function')).filter(
      ([, { Properties }]) => Properties['Environment'] !== undefined,
    ),
  );
