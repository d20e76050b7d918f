import whoami from '../../../../../lambdas/mcp/default-server/tools/whoami.ts';
import { callContext } from '../../../../../lambdas/mcp/testing/call-context.ts';
import { caller } from '../../exchange.ts';

describe('whoami', () => {
  it('names the verified caller', async () => {
    expect(await whoami.call({}, callContext())).toMatchObject({ structuredContent: caller });
  });

  it('names the email where the profile grants it', async () => {
    const known = { ...caller, email: 'dev@example.com' };
    expect(await whoami.call({}, callContext({ caller: known }))).toMatchObject({
      structuredContent: known,
    });
  });
});
