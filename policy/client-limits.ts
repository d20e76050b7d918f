/**
 * What well-known clients refuse although the protocol allows it, as their users reported it. The
 * build warns about a definition that is beyond one of these.
 */
export const clientLimits = {
  toolName: {
    pattern: '^[a-zA-Z0-9_-]{1,64}$',
    client: 'Claude (claude.ai and Desktop)',
    effect: 'shows none of the tools of the server',
    source: 'https://github.com/loomle/loomle/issues/168',
  },
  argumentName: {
    pattern: '^[a-zA-Z0-9_.-]{1,64}$',
    client: 'Claude Code',
    effect: 'drops the tool, or fails each request',
    source: 'https://github.com/anthropics/claude-code/issues/92648',
  },
  schemaUnion: {
    client: 'Claude Code',
    effect: 'drops the tool, as the API of Anthropic takes no union at the root of a schema',
    source: 'https://github.com/anthropics/claude-code/issues/95504',
  },
  descriptionCharacters: {
    most: 1024,
    client: 'what sends it to the API of OpenAI (LangChain and the like)',
    effect: 'fails each request',
    source: 'https://github.com/probelabs/probe/issues/9',
  },
  tools: {
    most: 128,
    client: 'GitHub Copilot',
    effect: 'fails each request',
    source: 'https://github.com/microsoft/vscode-copilot-release/issues/11653',
  },
} as const;
