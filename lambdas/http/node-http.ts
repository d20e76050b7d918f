/**
 * Node's http modules, by `getBuiltinModule` and not by `import`: an import of a built-in module
 * reads every export, and those of `node:http` include WebSocket and its events, whose getters load
 * undici and the web streams (75 internal modules, some 30 ms of cold start).
 */
export const http = process.getBuiltinModule('node:http');
export const https = process.getBuiltinModule('node:https');
