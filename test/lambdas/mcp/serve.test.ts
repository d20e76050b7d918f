import { describe as manifest } from '../../../lambdas/mcp/manifest/manifest.ts';
import { serve } from '../../../lambdas/mcp/serve.ts';
import { fixtures } from './fixtures.ts';

describe('serve', () => {
  it('fails at init when a variable is missing, naming it', () => {
    const { catalogue, access } = manifest(fixtures);
    expect(() => serve(fixtures, catalogue, access)).toThrow(
      /ENVIRONMENT is missing.*RESOURCE_URL is missing.*TABLE_NAME is missing/s,
    );
  });
});
