import * as z from 'zod/mini';
import { sizes, timeouts } from '../../policy/limits.ts';
import { signedRequest } from './signed-request.ts';

export interface UserPool {
  readonly region: string;
  readonly userPoolId: string;
}

const description = z.object({
  UserPoolClient: z.object({ ClientSecret: z.string().check(z.minLength(1)) }),
});

/** The secret of an app client could not be read. The message names no secret. */
export class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable';
}

/**
 * The secret of one app client (DescribeUserPoolClient), which stands in no template, environment
 * or log (CONF-4, OAUTH-13).
 *
 * @throws SecretUnavailable
 */
export const clientSecret = async (
  { region, userPoolId }: UserPool,
  clientId: string,
): Promise<string> => {
  const response = await signedRequest({
    service: 'cognito-idp',
    region,
    target: 'AWSCognitoIdentityProviderService.DescribeUserPoolClient',
    contentType: 'application/x-amz-json-1.1',
    body: JSON.stringify({ UserPoolId: userPoolId, ClientId: clientId }),
    timeoutMs: timeouts.cognitoSeconds * 1000,
    maximumBytes: sizes.serviceAnswerBytes,
  }).catch((cause: unknown) => {
    throw new SecretUnavailable('Cognito did not answer.', { cause });
  });
  const parsed = description.safeParse(response.json);
  // Without the response or zod's words about it: they may quote a secret.
  if (response.status !== 200 || !parsed.success)
    throw new SecretUnavailable(`DescribeUserPoolClient failed with status ${response.status}.`);
  return parsed.data.UserPoolClient.ClientSecret;
};
