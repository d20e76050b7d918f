import { unboundedFields, unusedExceptions } from './bounded-input.ts';
import { filesUnder } from './tracked-files.ts';

const files = filesUnder('lambdas');

describe('what strangers send', () => {
  test('has a bound in its schema, for every string and list', () => {
    expect(unboundedFields(files)).toEqual([]);
    expect(unusedExceptions(files)).toEqual([]);
  });

  test('is found where it has none', () => {
    const found = (text: string) =>
      unboundedFields([{ path: 'lambdas/registration/client-metadata.ts', text }]);
    expect(found('client_name: z.optional(z.string()),')).toHaveLength(1);
    expect(found('words: z\n  .array(text(3)),')).toHaveLength(1);
    expect(found('client_name: z.optional(text(100)),')).toEqual([]);
  });
});
