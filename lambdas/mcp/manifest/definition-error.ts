/** All that is wrong with the definitions, one line a fault: file and reason. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}
