/**
 * Mutants that no test can notice, or need not, each with the reason. A mutant is named by what
 * stands in the file: a changed line takes its entry with it.
 */
export interface AcceptedSurvivor {
  readonly file: string;
  /** The source line that is changed, trimmed. */
  readonly line: string;
  readonly mutator: string;
  readonly reason: string;
}

/** One file's: the line, Stryker's name of the mutator, the reason. */
type Row = readonly [line: string, mutator: string, reason: string];

const byFile: Readonly<Record<string, readonly Row[]>> = {
  'lambdas/access-token/claims.ts': [
    [
      "profile: expected.profiles.get(claims.client_id) ?? '',",
      'StringLiteral',
      'the type needs a value; claims of an unknown app client were refused before',
    ],
  ],
  'lambdas/access-token/pool-token-verifier.ts': [
    [
      "const key = await keys.get(header.kid ?? '', new Date(Date.now()));",
      'StringLiteral',
      'the type of the library needs a value; a token without a key id was refused before',
    ],
    [
      '...(nbf !== undefined && { nbf }),',
      'ConditionalExpression',
      'a member that is undefined is the same to the library as none',
    ],
  ],
  'lambdas/access-token/strict-json.ts': [
    [
      "const [whole = '\"', literal = '\"\"', colon] = string.exec(text) ?? [];",
      'StringLiteral',
      'the types need values; a quotation mark in valid JSON begins a string, which matches',
    ],
    [
      "const [whole = '\"', literal = '\"\"', colon] = string.exec(text) ?? [];",
      'ArrayDeclaration',
      'the types need a value; a quotation mark in valid JSON begins a string, which matches',
    ],
    [
      '} catch {',
      'BlockStatement',
      'without the return the value stays undefined, which is no object either',
    ],
    [
      'const open: Set<unknown>[] = [];',
      'ArrayDeclaration',
      'the text is an object: its brace opens a set before anything asks for one',
    ],
    [
      'for (let at = 0; at < text.length; at++) {',
      'EqualityOperator',
      'one step beyond the end finds no character, and does nothing',
    ],
    [
      "else if (character === '\"') {",
      'ConditionalExpression',
      'the match is sticky and begins with a quotation mark: elsewhere it finds nothing',
    ],
    [
      'if (keys?.has(key)) return true;',
      'OptionalChaining',
      'the type needs it; a key of valid JSON stands inside a brace, which opened a set',
    ],
    [
      'keys?.add(key);',
      'OptionalChaining',
      'the type needs it; a key of valid JSON stands inside a brace, which opened a set',
    ],
  ],
  'lambdas/access-token/bearer.ts': [
    [
      "if (scheme?.toLowerCase() !== 'bearer')",
      'OptionalChaining',
      'the type needs it; splitting a text gives one part at least',
    ],
  ],
  'lambdas/access-token/jwks.ts': [
    ["method: 'GET',", 'StringLiteral', 'Node makes a GET of a request without a method'],
    [
      'if ((key.asymmetricKeyDetails?.modulusLength ?? 0) >= smallestModulus)',
      'OptionalChaining',
      'the type needs it; an RSA key has details',
    ],
  ],
  'lambdas/access-token/signing-keys.ts': [
    [
      'let failed = false;',
      'BooleanLiteral',
      'the first question fetches, and the outcome is written before anybody reads this',
    ],
  ],
  'lambdas/access-token/token-format.ts': [
    [
      'const [, head, body, signature] = parts.exec(token) ?? [];',
      'ArrayDeclaration',
      'the first element is not looked at',
    ],
    [
      "if (!head || !body || !signature) return { fault: 'not three parts of base64url' };",
      'LogicalOperator',
      'the types need all three; the expression matches with all of them or not at all',
    ],
    [
      "if (!head || !body || !signature) return { fault: 'not three parts of base64url' };",
      'ConditionalExpression',
      'the types need all three; the expression matches with all of them or not at all',
    ],
  ],
  'lambdas/access-token/verified-signatures.ts': [
    [
      'if (oldest !== undefined && entries.size >= sizes.verifiedSignatures) entries.delete(oldest);',
      'ConditionalExpression',
      'the type needs it; a map that is full has a first entry',
    ],
    [
      "const digest = (token: string): string => hash('sha256', token, 'base64');",
      'StringLiteral',
      'any encoding of the digest is as good a key',
    ],
  ],
  'lambdas/token/token.ts': [
    [
      "if (isRefused && !(await services.registry.knows(form['client_id'] ?? '', request.now)))",
      'StringLiteral',
      'the type needs a value; a form without a client id was refused before',
    ],
  ],
  'lambdas/token/cognito-tokens.ts': [
    [
      "JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8')),",
      'StringLiteral',
      'what stands there for a missing part is no JSON either',
    ],
  ],
  'lambdas/token/redeem.ts': [
    [
      'await allowRetry(table, hash, { unspent: false }).catch((cause: unknown) =>',
      'ObjectLiteral',
      'a member that is missing says no as well; the compiler wants it said',
    ],
  ],
  'lambdas/token/refresh.ts': [
    [
      "if (!ended) throw refusedGrant('ended', about);",
      'StringLiteral',
      'whatever is not blocked is the grant that has ended; the compiler takes no other word',
    ],
  ],
  'lambdas/oauth/documented-client.ts': [
    [
      'redirectUris: [],',
      'ArrayDeclaration',
      'what the document says replaces it before anybody reads it',
    ],
    [
      "return { error, reason: status === undefined || status >= 500 ? 'outage' : 'refused' };",
      'StringLiteral',
      'whatever is none of the other reasons is a refusal; the compiler takes no other word',
    ],
  ],
  'lambdas/oauth/encrypted-refresh-token.ts': [
    [
      "export const claimedProfile = (token: string): string => token.split('.', 1)[0] ?? '';",
      'StringLiteral',
      'the type needs a value; splitting a text gives one part at least',
    ],
    [
      "const [profile = '', text = '', ...rest] = token.split('.');",
      'StringLiteral',
      'what stands there for a missing part is no canonical base64url, or is never used',
    ],
    [
      "cipher.update(JSON.stringify(given), 'utf8'),",
      'StringLiteral',
      'Node writes text as UTF-8 unless it is told another encoding',
    ],
    [
      '{',
      'ObjectLiteral',
      'the tag that is cut off has the length already; Node is told it so that it takes no other',
    ],
    ['} catch {', 'BlockStatement', 'without the return the function gives undefined as well'],
    [
      'encrypted.length <= nonceBytes + tagBytes ||',
      'EqualityOperator',
      'a token of no content decrypts to no JSON',
    ],
  ],
  'lambdas/oauth/parameters.ts': [
    [
      'export const formOf = (body: string, repeatable: readonly string[] = []): Parameters => {',
      'ArrayDeclaration',
      'a parameter of the name that Stryker makes up is no parameter of OAuth',
    ],
    [
      'message: `The parameter ${String(parsed.error.issues[0]?.path[0])} is missing or malformed.`,',
      'OptionalChaining',
      'the type needs it; a schema that fails has an issue',
    ],
  ],
  'lambdas/oauth/pkce.ts': [
    [
      'export const codeChallenge = text(43).check(z.regex(/^[A-Za-z0-9_-]{43}$/));',
      'Regex',
      'a text of at most 43 characters that has 43 of these has no other',
    ],
  ],
  'lambdas/authorization/authorization.ts': [
    [
      "const { csrf = '', decision = '', ...fields } = formOf(request.body);",
      'StringLiteral',
      'the types need values; what Stryker makes up is no token of a page and no decision either',
    ],
    [
      "const cookies = withinBudget(request.headers['cookie'], response.cookies ?? []);",
      'ArrayDeclaration',
      'the type needs a value; every response of the login has its list',
    ],
  ],
  'lambdas/authorization/callback.ts': [
    [
      "detail: error ?? '',",
      'StringLiteral',
      'the type needs a value; without a code there is an error',
    ],
  ],
  'lambdas/authorization/cookie.ts': [
    [
      "const nameIn = (pair: string): string => pair.split('=', 1)[0] ?? '';",
      'StringLiteral',
      'the type needs a value; splitting a text gives one part at least',
    ],
    [
      "header?.split(';').map((pair) => pair.trim()) ?? [];",
      'ArrayDeclaration',
      'what Stryker makes up has no name of a cookie of ours',
    ],
    [
      'const ownName = /^__Host-gatehouse-(?:consent|approved|login)-[0-9a-f]{16}$/;',
      'Regex',
      'a name that only ends like one of ours is of no purpose, so it is not dropped',
    ],
  ],
  'lambdas/authorization/approval.ts': [
    [
      "client.documentHost ?? '',",
      'StringLiteral',
      'any fixed text stands for no document as well',
    ],
  ],
  'lambdas/authorization/consent-page.ts': [
    [
      "${hiddenInputs(fields).join('\\n')}",
      'StringLiteral',
      'white space between elements that show nothing',
    ],
  ],
  'lambdas/authorization/app-words.ts': [
    [
      'Object.hasOwn(deployedScopes, scope) ? (deployedScopes[scope]?.words ?? scope) : scope,',
      'OptionalChaining',
      'the type needs it; a scope of its own is there',
    ],
    [
      "return `<ul>\\n${items.join('\\n')}\\n</ul>\\n`;",
      'StringLiteral',
      'white space between the items of a list',
    ],
  ],
  'lambdas/authorization/consent-form.ts': [
    [
      'approvedAt !== undefined &&',
      'ConditionalExpression',
      'the time that is missing is no number, which is not larger than anything',
    ],
  ],
  'lambdas/authorization/login-hint.ts': [
    [
      'given !== undefined && address.test(given) ? given : undefined;',
      'ConditionalExpression',
      'the type needs it; the word undefined is no address',
    ],
  ],
  'lambdas/authorization/forward.ts': [
    [
      '...loginParameters(loginHint, settings.LOGIN_DOMAINS ?? []),',
      'ArrayDeclaration',
      'what Stryker makes up is no mail domain',
    ],
  ],
};

export const acceptedSurvivors: readonly AcceptedSurvivor[] = Object.entries(byFile).flatMap(
  ([file, rows]) => rows.map(([line, mutator, reason]) => ({ file, line, mutator, reason })),
);
