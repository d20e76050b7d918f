import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// What Gemini CLI's `/mcp auth <name>` does, by the core that the program brings.
const [folder = '', name = '', url = ''] = process.argv.slice(2);
const [core = ''] = globSync('core-*.js', { cwd: folder });
const { MCPOAuthProvider, MCPOAuthTokenStorage } = await import(
  pathToFileURL(join(folder, core)).href
);
await new MCPOAuthProvider(new MCPOAuthTokenStorage()).authenticate(name, { enabled: false }, url);
process.exit(0);
