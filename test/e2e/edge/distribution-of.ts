import * as z from 'zod';
import type { Gatehouse } from '../../../local/runtime.ts';
import { edgeHeaders } from '../../../policy/edge.ts';

const distribution = z.object({
  DistributionConfig: z.object({
    Origins: z.tuple([
      z.object({
        OriginCustomHeaders: z.array(z.object({ HeaderName: z.string(), HeaderValue: z.string() })),
      }),
    ]),
  }),
});

/**
 * What the distribution proves itself to the stage with: made up at every start, so only the
 * resolved template tells.
 */
export const originSecretOf = ({ stack }: Pick<Gatehouse, 'stack'>): string => {
  const [{ properties } = { properties: {} }] = stack.resources('AWS::CloudFront::Distribution');
  const [origin] = distribution.parse(properties).DistributionConfig.Origins;
  const header = origin.OriginCustomHeaders.find(
    ({ HeaderName }) => HeaderName === edgeHeaders.originSecret,
  );
  if (header === undefined) throw new Error('The distribution sends no origin secret.');
  return header.HeaderValue;
};
