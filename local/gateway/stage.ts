import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import { compileTemplate, type RenderTemplate } from './mapping.ts';
import { TokenBucket } from './token-bucket.ts';

export interface Stage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  /** False: the method's throttle is exhausted. */
  readonly admits: (httpMethod: string, resourcePath: string, now: number) => boolean;
  /** Renders a line of the access log. */
  readonly accessLog?: RenderTemplate;
}

const methodSetting = z.strictObject({
  HttpMethod: z.string(),
  ResourcePath: z.string(),
  ThrottlingRateLimit: z.number().optional(),
  ThrottlingBurstLimit: z.number().optional(),
  // Answers are not cached unless the stage has a cache cluster, whose property is unknown here.
  CachingEnabled: z.literal(false).optional(),
  // What AWS records about requests.
  DataTraceEnabled: z.boolean().optional(),
  LoggingLevel: z.string().optional(),
  MetricsEnabled: z.boolean().optional(),
});

const stageProperties = z.looseObject({
  AccessLogSetting: z.strictObject({ DestinationArn: z.string(), Format: z.string() }).optional(),
  MethodSettings: z.array(methodSetting).default([]),
  StageName: z.string(),
  Variables: z.record(z.string(), z.string()).default({}),
});

type MethodSetting = z.infer<typeof methodSetting>;

export const readStage = (stack: Stack): Stage => {
  const [resource, ...others] = stack.resources('AWS::ApiGateway::Stage');
  if (resource === undefined || others.length > 0)
    throw new StartupFailure(
      `The template has ${others.length + (resource ? 1 : 0)} stages; the local runtime emulates exactly one.`,
    );
  const { StageName, Variables, MethodSettings, AccessLogSetting } = propertiesOf(
    stageProperties,
    resource,
  );
  const buckets = new Map<string, TokenBucket | undefined>();
  return {
    name: StageName,
    variables: Variables,
    admits: (httpMethod, resourcePath, now) => {
      const key = `${resourcePath} ${httpMethod}`;
      if (!buckets.has(key)) buckets.set(key, bucketFor(MethodSettings, httpMethod, resourcePath));
      return buckets.get(key)?.take(now) ?? true;
    },
    ...(AccessLogSetting && {
      accessLog: compileTemplate(
        AccessLogSetting.Format,
        `${resource.logicalId}.AccessLogSetting.Format`,
        '-',
      ),
    }),
  };
};

/**
 * The setting of the method itself goes before the stage's default, and each method has a bucket of
 * its own. Paths are written as JSON pointers: `/~1mcp` is `/mcp`.
 */
const bucketFor = (
  settings: readonly MethodSetting[],
  httpMethod: string,
  resourcePath: string,
): TokenBucket | undefined => {
  const throttled = settings.filter(
    (setting) =>
      setting.ThrottlingRateLimit !== undefined && setting.ThrottlingBurstLimit !== undefined,
  );
  const own = throttled.find(
    (setting) =>
      pathOf(setting) === resourcePath &&
      (setting.HttpMethod === httpMethod || setting.HttpMethod === '*'),
  );
  const setting =
    own ?? throttled.find((each) => each.ResourcePath === '/*' && each.HttpMethod === '*');
  return (
    setting &&
    new TokenBucket({
      ratePerSecond: setting.ThrottlingRateLimit ?? 0,
      burst: setting.ThrottlingBurstLimit ?? 0,
    })
  );
};

const pathOf = ({ ResourcePath }: MethodSetting): string =>
  ResourcePath.replace(/^\//, '').replaceAll('~1', '/').replaceAll('~0', '~');
