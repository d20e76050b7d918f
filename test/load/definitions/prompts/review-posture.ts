export { default } from '../../../../lambdas/mcp/default-server/prompts/review-posture.ts';
