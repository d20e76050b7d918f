export { default } from '../../../../lambdas/mcp/default-server/tools/security-posture.ts';
