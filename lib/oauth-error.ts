/** RFC 6749 sections 4.1.2.1 and 5.2: the `error` for what API Gateway or the web ACL refused. */
export const oauthError = (status: number): string => {
  if (status === 429 || status === 503 || status === 504) return 'temporarily_unavailable';
  if (status >= 500) return 'server_error';
  return status === 401 || status === 403 ? 'access_denied' : 'invalid_request';
};
