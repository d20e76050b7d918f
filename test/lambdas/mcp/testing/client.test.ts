import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { callContext, connect, McpError } from '../../../../lambdas/mcp/testing/index.ts';
import { act, add, asking, failing, fixtures, regional, slow } from '../fixtures.ts';

const whatFails = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: unknown) => error,
  );

describe('the client for tests', () => {
  it('calls a tool through the whole protocol', async () => {
    const client = connect(fixtures);
    expect(await client.callTool('add', { a: 1, b: 2 })).toMatchObject({
      resultType: 'complete',
      structuredContent: { sum: 3 },
    });
    expect(await client.callTool('echo')).toMatchObject({ content: [{ text: 'nothing' }] });
    expect(await client.request('tools/list')).toMatchObject({
      tools: fixtures.tools.map(({ name }) => ({ name })),
    });
  });

  it('reads what a model reads of a call that fails', async () => {
    const client = connect({ tools: [add, failing] });
    expect(await client.callTool('add', { a: 'one', b: 2 })).toMatchObject({
      isError: true,
      content: [{ text: 'Invalid arguments: a: Invalid input: expected number, received string' }],
    });
    expect(await client.callTool('failing', { how: 'told' })).toMatchObject({
      isError: true,
      content: [{ text: 'Try Tuesday instead.' }],
    });
    expect(await client.callTool('failing', { how: 'malformed' })).toMatchObject({
      isError: true,
      content: [{ text: 'The tool failed. Request id: test-request' }],
    });
  });

  it('throws what is an error of the protocol', async () => {
    const client = connect({ tools: [act], caller: { scopes: ['gatehouse/tools.read'] } });
    const refused = await whatFails(client.callTool('act'));
    expect(refused).toBeInstanceOf(McpError);
    expect(refused).toMatchObject({ status: 403, data: { code: 'insufficient_scope' } });
    expect(await whatFails(client.callTool('nope'))).toMatchObject({ status: 200, code: -32602 });
  });

  it('mirrors arguments in headers, as clients do', async () => {
    const client = connect({ tools: [regional] });
    const args = { region: 'Zürich', size: 3, nested: { dry: true } };
    const { content } = await client.callTool('regional', args);
    expect(JSON.parse(content[0]?.text ?? '')).toEqual(args);
  });

  it('hears progress, and answers what a tool asks', async () => {
    const heard: number[] = [];
    const client = connect({
      tools: [slow, asking],
      capabilities: { elicitation: {} },
      onProgress: ({ progress }) => heard.push(progress),
    });
    await client.callTool('slow', { steps: 3, milliseconds: 1 });
    expect(heard).toEqual([1, 2, 3]);
    expect(
      await client.request('tools/call', {
        name: 'asking',
        inputResponses: { name: { action: 'accept' } },
        requestState: 'state-1',
      }),
    ).toMatchObject({ content: [{ text: '{"action":"accept"} state-1' }] });
  });

  it('gets prompts and reads resources', async () => {
    const client = connect(fixtures);
    expect(await client.getPrompt('greet', { name: 'Ada' })).toMatchObject({
      messages: [{ role: 'user', content: { text: 'Greet Ada.' } }],
    });
    expect(await client.readResource('test://note')).toMatchObject({
      contents: [{ text: 'a note' }],
    });
  });

  it('refuses definitions that the build refuses', () => {
    expect(() => connect({ tools: [{ ...add, title: ' ' }] })).toThrow(
      'tools/add: the title is empty',
    );
  });
});

describe('the call context for tests', () => {
  it('is whole, and takes what a test changes', async () => {
    const context = callContext({ requestState: 'state-1' });
    expect(await asking.call({}, context)).toBeInstanceOf(InputRequired);
    expect(context).toMatchObject({ requestState: 'state-1', caller: { username: 'dev' } });
    expect(context.signal.aborted).toBe(false);
  });
});
