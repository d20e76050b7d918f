import type { Gatehouse } from '../../../local/runtime.ts';
import { type Received, type Sending, sender } from './send.ts';

export interface McpCall extends Partial<Sending> {
  readonly token?: string;
  /** Pings in one body; a batch when there are several. @default 1 */
  readonly calls?: number;
}

const ping = (id: number) => ({ jsonrpc: '2.0', id, method: 'ping' });

/** Pings `/mcp` by hand: what a client library would send, without its retries. */
export const mcpCaller = (gatehouse: Gatehouse) => {
  const send = sender(gatehouse.port);
  const { pathname: path } = new URL(gatehouse.mcpUrl);
  return ({ token, calls = 1, headers = {}, ...sending }: McpCall = {}): Promise<Received> =>
    send({
      method: 'POST',
      path,
      body: JSON.stringify(
        calls === 1 ? ping(1) : Array.from({ length: calls }, (_, id) => ping(id)),
      ),
      ...sending,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
};

/** The Cognito app client of a client profile. */
export const appClientOf = ({ stack }: Gatehouse, profile: string): string => {
  const client = stack
    .resources('AWS::Cognito::UserPoolClient')
    .find(({ properties }) => String(properties['ClientName']).includes(profile));
  if (client === undefined)
    throw new Error(`The template has no app client for the profile ${profile}.`);
  return stack.ref(client.logicalId);
};
