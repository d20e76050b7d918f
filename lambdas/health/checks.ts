import { headerTable } from '../../policy/headers.ts';
import { fetchJwks } from '../access-token/jwks.ts';
import { TableRefused, table } from '../aws/table.ts';
import { issuerOfPool, jwksUrlOf } from '../configuration/cognito-url.ts';
import type { Check } from './health.ts';
import type { HealthSettings } from './settings.ts';

/** RATE-7: what a developer's self-test looks at. */
export const checks = (settings: HealthSettings): readonly Check[] => [
  { name: 'table answers', check: () => tableAnswers(settings) },
  { name: 'signing keys', check: () => keysAnswer(settings) },
  { name: 'header table', check: async () => headersAreText(settings) },
];

const tableAnswers = async ({ TABLE_NAME, AWS_REGION }: HealthSettings): Promise<void> => {
  try {
    await table({ name: TABLE_NAME, region: AWS_REGION }).get('self-test', { consistent: false });
  } catch (error) {
    // This function's role may not read the table: to be told so shows that it works.
    if (!(error instanceof TableRefused)) throw error;
  }
};

const keysAnswer = async ({
  COGNITO_REGION,
  COGNITO_USER_POOL_ID,
}: HealthSettings): Promise<void> => {
  await fetchJwks(jwksUrlOf(issuerOfPool(COGNITO_REGION, COGNITO_USER_POOL_ID)));
};

// RFC 9110 section 5.5: a value with a line break or a control character would end the header
// early, or the response.
const headersAreText = ({ ENVIRONMENT }: HealthSettings): void => {
  const faulty = Object.entries(headerTable(ENVIRONMENT)).find(
    ([, value]) => !/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value),
  );
  if (faulty) throw new Error(`the value of ${faulty[0]} is no header value`);
};
