import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { stateFile } from '../../local/state/state-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { loginSteps } from './runtime/login-steps.ts';
import { sender } from './runtime/send.ts';

const ping = async (gatehouse: Gatehouse, token: string): Promise<number> => {
  const { status } = await sender(gatehouse.port)({
    method: 'POST',
    path: '/mcp',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
  });
  return status;
};

describe('a restart of the local runtime', () => {
  it('keeps a connected client connected, and one that forgets lets nobody in', async () => {
    const folder = temporaryFolder();
    const file = stateFile({ folder, urlMode: 'domain', port: 3000 });
    const first = await startGatehouse({ stateFile: file });
    const { port } = first;
    const steps = loginSteps(first);
    const clientId = await steps.clientId();
    const { access, refresh } = await steps.tokens(clientId);
    await first.saveState();
    await first.stop();

    const second = await startGatehouse({ stateFile: file, port });
    expect(second.users[0]?.sub).toBe(first.users[0]?.sub);
    expect(await ping(second, access)).toBe(200);
    const refreshment = loginSteps(second).refreshment(clientId, refresh);
    // On a slow machine a function can time out at its first start; a client tries again, too.
    const initial = await refreshment();
    const renewed = initial.status === 503 ? await refreshment() : initial;
    // Body and log say why, where it fails.
    expect({
      status: renewed.status,
      body: renewed.status === 200 ? '' : renewed.body + second.logs.map(({ line }) => line),
    }).toEqual({
      status: 200,
      body: '',
    });
    const { access_token: next, refresh_token: rotated } = JSON.parse(renewed.body);
    expect(await ping(second, next)).toBe(200);
    await second.stop();

    const forgetful = await startGatehouse({ port });
    expect(await ping(forgetful, next)).toBe(401);
    const refused = await loginSteps(forgetful).refreshment(clientId, rotated)();
    // Client libraries register anew at this, where `invalid_grant` would leave them with a
    // client id that nobody knows any more.
    expect([refused.status, JSON.parse(refused.body).error]).toEqual([401, 'invalid_client']);
    await forgetful.stop();
  });
});
