export { default } from '../../../../lambdas/mcp/default-server/tools/my-usage.ts';
