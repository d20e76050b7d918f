import { userPoolAddressLimit } from '../../policy/limits.ts';
import { reputationList } from './managed-rules.ts';
import {
  allOf,
  anyOf,
  not,
  pathTransformations,
  type Rule,
  type Statement,
  visibility,
} from './statements.ts';

/**
 * What stands before the user pool. Contents are Cognito's business: the pages and forms are its
 * own code, and a password may hold anything.
 */
export const userPoolRules = (refused: readonly Statement[]): readonly Rule[] => [
  reputationList,
  ...(refused.length === 0 ? [] : [refusedLogins(refused)]),
  loginPagesPerWindow,
];

/**
 * Cognito's endpoint for programs. Our own token function calls it for everybody, from a few
 * addresses: counted, it would lock out all users together.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 */
const programPaths = '^/oauth2/(token|revoke)/?$';

/** What people's browsers ask for. */
const isLoginPage = not({
  regexMatchStatement: {
    regexString: programPaths,
    fieldToMatch: { uriPath: {} },
    textTransformations: pathTransformations,
  },
});

/** Our own token function has an address that nobody lists. */
const refusedLogins = (refused: readonly Statement[]): Rule => ({
  name: 'refused-addresses',
  action: { block: {} },
  statement: allOf([isLoginPage, anyOf(refused)]),
  visibilityConfig: visibility('refused-addresses'),
});

/** Blocks by itself: Cognito's pages take no response of ours. */
const loginPagesPerWindow: Rule = {
  name: 'login-pages-per-window',
  action: { block: {} },
  statement: {
    rateBasedStatement: {
      limit: userPoolAddressLimit.requests,
      evaluationWindowSec: userPoolAddressLimit.perSeconds,
      aggregateKeyType: 'IP',
      scopeDownStatement: isLoginPage,
    },
  },
  visibilityConfig: visibility('login-pages-per-window'),
};
