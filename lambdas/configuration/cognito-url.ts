import { dnsSuffix } from './partition.ts';

/** `us-east-1`, `us-gov-west-1`, `cn-north-1`, `eusc-de-east-1`. */
export const regionPattern = /^[a-z]{2,4}(?:-[a-z]{2,9}){1,3}-\d{1,2}$/;

/**
 * Cognito's pool id: the region, an underscore, letters and digits (CreateUserPool, at most 55
 * characters).
 */
export const userPoolPattern = /^[a-z]{2,4}(?:-[a-z]{2,9}){1,3}-\d{1,2}_[A-Za-z0-9]{1,40}$/;

/**
 * The issuer of a pool's tokens ("Verifying JSON web tokens" in the Cognito developer guide). No
 * trailing slash.
 */
export const issuerOfPool = (region: string, userPoolId: string): string =>
  cognitoUrl(`https://cognito-idp.${region}.${dnsSuffix(region)}/${userPoolId}`).href;

export const jwksUrlOf = (issuer: string): URL => cognitoUrl(`${issuer}/.well-known/jwks.json`);

/**
 * CONF-2: an issuer or JWKS URL of Cognito, parsed rather than compared by prefix or suffix: the
 * host must be the service's own name in one region of a partition, so
 * `https://cognito-idp.evil.com/.amazonaws.com` is a stranger.
 *
 * @throws Error that names the URL
 */
export const cognitoUrl = (text: string): URL => {
  const url = URL.parse(text);
  if (!url || !isCognito(url)) throw new Error(`not a URL of Cognito: ${text}`);
  return url;
};

const isCognito = (url: URL): boolean => {
  const [service, region, ...suffix] = url.hostname.split('.');
  return (
    url.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === '' &&
    service === 'cognito-idp' &&
    region !== undefined &&
    regionPattern.test(region) &&
    suffix.join('.') === dnsSuffix(region)
  );
};
