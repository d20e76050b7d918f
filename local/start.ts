import { runLocally } from './run-locally.ts';

/** `npm start`: this repository's own stack. */
await runLocally({ name: 'npm start --' }, process.argv.slice(2));
