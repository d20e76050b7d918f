import type { GatehouseOptions } from '../gatehouse.ts';
import { synthesize } from './synthesize.ts';
import { type Synthesized, synthesizeApp } from './synthesize-app.ts';

/** A synthesis: of somebody's app, or of this repository, or one that was made before. */
export const synthesized = async ({
  assembly,
  app,
  urlMode = 'domain',
  configuration,
  context,
  onProgress = () => {},
}: GatehouseOptions): Promise<Synthesized> => {
  if (assembly !== undefined) return { folder: assembly, stop: async () => {} };
  const onSynthesis = (): void => onProgress('Bundling the functions and synthesizing the stack');
  const onWait = (holder: number): void =>
    onProgress(`Waiting for process ${holder}, which synthesizes the same stack`);
  if (app === undefined)
    return {
      folder: await synthesize({
        urlMode,
        ...(configuration && { configuration }),
        ...(context && { context }),
        onSynthesis,
        onWait,
      }),
      // In the cache, for the next start.
      stop: async () => {},
    };
  onSynthesis();
  return synthesizeApp({ ...app, urlMode });
};
