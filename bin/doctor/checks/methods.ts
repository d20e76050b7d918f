import { endpointRows } from '../../../policy/endpoints.ts';
import { type Check, expectThat } from '../check.ts';

const unusual = ['PATCH', 'PUT', 'DELETE'];

/** One for each endpoint, in turn: three each would meet the rate limit of the documents. */
const visits = endpointRows.flatMap(({ path, methods: known }, index) => {
  const candidates = unusual.filter((method) => !known.some((name) => name === method));
  const method = candidates[index % candidates.length];
  return method === undefined ? [] : [{ path, method }];
});

export const methods: readonly Check[] = [
  {
    id: 'methods',
    title: 'Every method that no endpoint has is refused',
    controls: ['IN-1'],
    fix: 'Routes are made from policy/endpoints.ts; a method beyond it was added by hand.',
    run: async ({ issuer, send }) => {
      const faults: string[] = [];
      for (const { path, method } of visits) {
        const { status } = await send({ method, url: `${issuer}${path}` });
        faults.push(
          ...expectThat(status >= 400 && status < 500, `${method} ${path} is answered ${status}.`),
        );
      }
      return faults;
    },
  },
];
