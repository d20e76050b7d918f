/** How the server names itself to clients ("Implementation" of the schema). A test holds the version to package.json's. */
export const serverInfo = { name: 'gatehouse', title: 'Gatehouse', version: '0.1.0' } as const;

/** For the model, beside the tools' own descriptions. */
export const instructions =
  'Every call runs as the user who logged in. A refusal that names a scope needs a new login; a tool error says what to try instead.';
