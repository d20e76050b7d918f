import { userPoolAddressLimit } from '../../policy/limits.ts';
import { reputationList } from './managed-rules.ts';
import { not, pathTransformations, type Rule, visibility } from './statements.ts';

/**
 * What stands before the user pool. Contents are Cognito's business: the pages and forms are its
 * own code, and a password may hold anything.
 */
export const userPoolRules = (): readonly Rule[] => [reputationList, loginPages];

/**
 * Cognito's endpoint for programs. Our own token function calls it for everybody, from a few
 * addresses: counted, it would lock out all users together.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 */
const programPaths = '^/oauth2/(token|revoke)/?$';

/** Blocks by itself: Cognito's pages take no response of ours. */
const loginPages: Rule = {
  name: 'login-pages-per-window',
  action: { block: {} },
  statement: {
    rateBasedStatement: {
      limit: userPoolAddressLimit.requests,
      evaluationWindowSec: userPoolAddressLimit.perSeconds,
      aggregateKeyType: 'IP',
      scopeDownStatement: not({
        regexMatchStatement: {
          regexString: programPaths,
          fieldToMatch: { uriPath: {} },
          textTransformations: pathTransformations,
        },
      }),
    },
  },
  visibilityConfig: visibility('login-pages-per-window'),
};
