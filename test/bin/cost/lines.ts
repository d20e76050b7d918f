import { gzipSync } from 'node:zlib';
import { linesOf } from '../../../lambdas/audit-trail/lines.ts';
import { log } from '../../../lambdas/logging/log.ts';
import { capture } from '../../lambdas/logging/log-lines.ts';

/** Of real lengths: API Gateway's ids, an app client of Cognito, a tool's name, an IPv4 address. */
const requestId = 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef';
const sourceIp = '160.79.104.10';

const inAccessLog: Readonly<Record<string, string>> = {
  '$context.requestId': requestId,
  '$context.identity.sourceIp': sourceIp,
  '$context.httpMethod': 'POST',
  '$context.resourcePath': '/mcp',
  '$context.status': '200',
  '$context.error.responseType': '-',
  '$context.responseLength': '1234',
  '$context.responseLatency': '123',
  '$context.integrationStatus': '200',
  '$context.authorizer.profile': 'claude',
};

/**
 * A line of the access log, of a call that succeeded.
 * @throws where the format has a variable that has no sample here
 */
export const accessLogLine = (format: string): string =>
  format.replace(/\$context\.[\w.]+/g, (variable) => {
    const value = inAccessLog[variable];
    if (value === undefined) throw new Error(`no sample of ${variable}`);
    return value;
  });

/** The line of the same call in the audit trail: as `mcp` writes it, and as the trail keeps it. */
export const auditLines = async (): Promise<{ readonly line: string; readonly copy: string }> => {
  const logger = log({ service: 'mcp', environment: 'production' });
  const { raw } = await capture(() =>
    logger({ requestId, endpoint: '/mcp' }).trail('call', {
      sub: '6f3a2c1e-0000-4000-8000-1234567890ab',
      clientId: '1h57kf5cpq17m0eml12EXAMPLE',
      profile: 'claude',
      sourceIp,
      mcpMethod: 'tools/call',
      definition: 'list_open_orders',
      argumentsHash: 'qYIQ-YIV2MmCE4jrWdvUVw',
      argumentsBytes: 123,
      outcome: 'ok',
      durationMs: 12,
    }),
  );
  const line = raw.trimEnd();
  const handed = {
    messageType: 'DATA_MESSAGE',
    logEvents: [{ id: '3'.repeat(56), message: line }],
  };
  const data = gzipSync(JSON.stringify(handed)).toString('base64');
  return { line, copy: JSON.stringify(linesOf({ awslogs: { data } })[0]) };
};
