import { createServer, type Server } from 'node:http';
import { challenge } from '../../../bin/doctor/checks/challenge.ts';
import { type Request, sender } from '../../../bin/doctor/send.ts';

let server: Server;
let url: string;
beforeAll(async () => {
  // Sends its head, then a byte now and then, and never ends.
  server = createServer((_request, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write('x'), 5);
    response.on('close', () => clearInterval(drip));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('a server that drips is given up', async () => {
  await expect(sender(200)({ url })).rejects.toThrow('no whole response in time');
});

test('a document that the challenge names elsewhere is not fetched', async () => {
  const sent: Request[] = [];
  const faults = await challenge[0]?.run({
    mcpUrl: 'https://mcp.example.com/mcp',
    issuer: 'https://mcp.example.com',
    send: async (request) => {
      sent.push(request);
      const value = 'Bearer resource_metadata="http://169.254.169.254/latest"';
      return { status: 401, headers: new Map([['www-authenticate', value]]), body: '' };
    },
  });
  expect(new Set(sent.map((request) => request.url))).toEqual(
    new Set(['https://mcp.example.com/mcp']),
  );
  expect(faults).toEqual([expect.stringContaining('does not lead to a document')]);
});
