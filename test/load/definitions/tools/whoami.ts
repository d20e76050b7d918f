export { default } from '../../../../lambdas/mcp/default-server/tools/whoami.ts';
