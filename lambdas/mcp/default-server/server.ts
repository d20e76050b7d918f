import { defineServer } from '../authoring/define-server.ts';

/** Also for folders of definitions that have no `server.ts`. */
export default defineServer({
  name: 'gatehouse',
  title: 'Gatehouse',
  version: '0.1.0',
  instructions:
    'Every call runs as the user who logged in. An error that names a scope needs a new login; a tool error says what to try instead.',
});
