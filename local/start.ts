import { play } from './play.ts';

/** `npm start`: this repository's own stack. */
await play({ name: 'npm start --' }, process.argv.slice(2));
