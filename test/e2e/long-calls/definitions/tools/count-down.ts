export { default } from '../../../../../lambdas/mcp/tools/count-down.ts';
