import * as z from 'zod/mini';
import { lifetimes } from '../../policy/lifetimes.ts';
import { sizes, timeouts } from '../../policy/limits.ts';
import { toolSecrets } from '../../policy/tool-secrets.ts';
import { type RotatingSecret, rotatingSecret, type SecretTiming } from './rotating-secret.ts';
import { signedRequest } from './signed-request.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
const value = z.object({ SecretString: z.string() });
const errorBody = z.object({ message: z.optional(z.string()), Message: z.optional(z.string()) });

/** What this instance has read. */
interface CachedSecret {
  readonly read: RotatingSecret;
  /** Milliseconds; undefined before the first read. */
  readAt: number | undefined;
}

/** The secrets of an environment; tests give one of their own. */
export const secretsOf = (
  environment: NodeJS.ProcessEnv,
  timing: SecretTiming = { clock: Date.now, random: Math.random },
): ((name: string, again?: boolean) => Promise<string>) => {
  const cached = new Map<string, CachedSecret>();
  const cachedOf = (name: string): CachedSecret => {
    const known = cached.get(name);
    if (known !== undefined) return known;
    const arn = environment[`${toolSecrets.variablePrefix}${name}`];
    if (arn === undefined)
      throw new Error(`There is no secret "${name}": name it in the property tools.secrets.`);
    const read = rotatingSecret(() => readSecret(arn, environment['AWS_REGION'] ?? ''), timing);
    const made = { read, readAt: undefined };
    cached.set(name, made);
    return made;
  };
  return async (name, again = false) => {
    const known = cachedOf(name);
    const isFresh =
      known.readAt !== undefined &&
      timing.clock() - known.readAt < lifetimes.toolSecretSeconds * 1000;
    const [newest] = await known.read(again || !isFresh);
    if (!isFresh) known.readAt = timing.clock();
    return newest;
  };
};

/**
 * The value of a secret of the property `tools.secrets`, by its name there. Read from Secrets
 * Manager by the first call that needs it, and kept by the instance for a few minutes; it stands in
 * no environment variable. The local runtime takes it from `.env.local`.
 *
 * @param name as in `tools: { secrets: { api: secret } }`
 * @param again reads it anew, where the kept one was refused: at most once in a while
 * @throws Error, for the log, while it cannot be read
 */
export const secret: (name: string, again?: boolean) => Promise<string> = secretsOf(process.env);

const readSecret = async (arn: string, region: string): Promise<string> => {
  const { status, json } = await signedRequest({
    service: 'secretsmanager',
    region,
    target: 'secretsmanager.GetSecretValue',
    contentType: 'application/x-amz-json-1.1',
    body: JSON.stringify({ SecretId: arn }),
    timeoutMs: timeouts.secretsManagerSeconds * 1000,
    maximumBytes: sizes.serviceAnswerBytes,
  });
  // What an error says holds no value; what a value that does not parse says might.
  if (status !== 200) throw new Error(`GetSecretValue: ${status} ${reasonIn(json)}`);
  const parsed = value.safeParse(json);
  if (!parsed.success) throw new Error('GetSecretValue: the secret has no SecretString.');
  return parsed.data.SecretString;
};

const reasonIn = (json: unknown): string => {
  const { message, Message: capital } = errorBody.safeParse(json).data ?? {};
  return (message ?? capital ?? '').slice(0, 300);
};
