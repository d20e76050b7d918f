import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { loadConfig, NODE_REGION_CONFIG_OPTIONS } from '@smithy/core/config';
import { UserError } from '../../lib/user-error.ts';
import { messageOf } from '../../local/failure.ts';

/** What a signature is made of. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Where credentials and region are looked up. */
export interface Account {
  /** Of the shared configuration files. @default AWS_PROFILE, else `default` */
  readonly profile?: string | undefined;
  /** @default AWS_REGION, AWS_DEFAULT_REGION, else the profile's */
  readonly region?: string | undefined;
}

/**
 * As every SDK finds them (AWS SDKs and Tools Reference Guide, "Standardized credential
 * providers"): variables, profiles, single sign-on, a process, a container's or an instance's role.
 * @throws UserError where there are none
 */
export const findCredentials = async ({ profile }: Account): Promise<Credentials> => {
  const provide = defaultProvider(profile === undefined ? {} : { profile });
  try {
    return await provide();
  } catch (error) {
    throw new UserError(
      `There are no AWS credentials (${messageOf(error)}): name a profile with --profile, run "aws sso login", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    );
  }
};

/** @throws UserError where none is set */
export const findRegion = async ({ profile, region }: Account): Promise<string> => {
  const known =
    region ??
    process.env['AWS_REGION'] ??
    process.env['AWS_DEFAULT_REGION'] ??
    (await regionOf(profile));
  if (known === undefined || known === '')
    throw new UserError('There is no AWS region: name it with --region, or set AWS_REGION.');
  if (!/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(known))
    throw new UserError(`"${known}" is no AWS region: eu-west-1 is one.`);
  return known;
};

const regionOf = (profile: string | undefined): Promise<string | undefined> =>
  loadConfig(NODE_REGION_CONFIG_OPTIONS, {
    preferredFile: 'credentials',
    ...(profile !== undefined && { profile }),
  })().catch(() => undefined);
