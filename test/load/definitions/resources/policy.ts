export { default } from '../../../../lambdas/mcp/default-server/resources/policy.ts';
