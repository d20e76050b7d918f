import { describe as manifest } from '../../../lambdas/mcp/manifest/manifest.ts';
import { serve } from '../../../lambdas/mcp/serve.ts';
import { fixtures } from './fixtures.ts';

describe('serve', () => {
  it('fails at init when a variable is missing, naming it', () => {
    expect(() => serve(fixtures, manifest(fixtures).catalogue)).toThrow(
      /ENVIRONMENT is missing.*RESOURCE_URL is missing.*TABLE_NAME is missing/s,
    );
  });
});
