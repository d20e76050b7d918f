import * as z from 'zod';
import { toolSecrets } from '../../policy/tool-secrets.ts';
import { accessKeyIn } from '../iam/access-key.ts';
import type { Permissions } from '../iam/permissions.ts';
import { startListener } from '../loopback/listener.ts';
import type { LoopbackRequest, LoopbackResponse } from '../loopback/request.ts';

/** Values of secrets, by the names that tools read them under. */
export type SecretValues = Readonly<Record<string, string>>;

export interface SecretsManagerSettings {
  /** Looked up with each request, so that a change needs no new start. */
  readonly values: () => SecretValues;
  readonly permits: Permissions;
}

/** Secrets Manager on loopback, as far as tools use it: `GetSecretValue`. */
export interface SecretsManager {
  readonly endpoint: string;
  /** Learns which names a function has for which secrets, from its environment. */
  readonly learn: (variables: Readonly<Record<string, string>>) => void;
  stop(): Promise<void>;
}

/** A request names a secret and little else. */
const requestBytes = 64 * 1024;

const getSecretValue = z.looseObject({ SecretId: z.string() });

/**
 * Starts the emulated Secrets Manager. A value is the team's own, from `.env.local`: what the
 * template generates on AWS is not known here, and a made-up one would serve nobody.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export const startSecretsManager = async ({
  values,
  permits,
}: SecretsManagerSettings): Promise<SecretsManager> => {
  const names = new Map<string, string>();
  const response = async (request: LoopbackRequest): Promise<LoopbackResponse> => {
    if (request.headers['x-amz-target'] !== 'secretsmanager.GetSecretValue')
      return refused('UnknownOperationException', 'The local runtime does not emulate this.');
    const arn = getSecretValue.parse(JSON.parse(request.body)).SecretId;
    const action = { action: 'secretsmanager:GetSecretValue', resource: arn };
    if (!permits(accessKeyIn(request), action))
      return refused(
        'AccessDeniedException',
        `The function's role is not authorized to perform: ${action.action} on resource: ${arn}`,
      );
    const name = names.get(arn) ?? arn;
    const value = values()[name];
    if (value === undefined)
      return refused(
        'ResourceNotFoundException',
        `The local runtime has no value for ${name}: write ${name}=… into ${toolSecrets.localFile}, in the folder that it was started in.`,
      );
    return json(200, { ARN: arn, Name: name, SecretString: value });
  };
  const listener = await startListener({
    port: 0,
    maximumBodyBytes: requestBytes,
    answer: response,
    faultResponse: () => refused('InternalServiceError', 'An error occurred on the server side.'),
  });
  return {
    endpoint: `http://localhost:${listener.port}`,
    learn: (variables) => {
      for (const [name, value] of Object.entries(variables))
        if (name.startsWith(toolSecrets.variablePrefix))
          names.set(value, name.slice(toolSecrets.variablePrefix.length));
    },
    stop: listener.stop,
  };
};

const refused = (type: string, message: string): LoopbackResponse =>
  json(400, { __type: type, message });

const json = (status: number, body: object): LoopbackResponse => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
});
