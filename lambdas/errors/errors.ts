/** Every error that is raised on purpose, by what it is about. */
export * from './access-errors.ts';
export * from './availability-errors.ts';
export { type ErrorDefinition, type ErrorDetails, HttpError } from './http-error.ts';
export * from './mcp-errors.ts';
export * from './oauth-errors.ts';
export * from './request-errors.ts';
