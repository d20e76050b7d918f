import { Ajv } from 'ajv';

const message = {
  type: 'object',
  properties: { text: { type: 'string' } },
  required: ['text'],
};
const closed = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const rule = closed(
  {
    id: { type: 'string' },
    name: { type: 'string' },
    shortDescription: message,
    fullDescription: message,
    help: message,
    properties: {
      type: 'object',
      properties: { tags: { type: 'array', uniqueItems: true, items: { type: 'string' } } },
    },
  },
  ['id'],
);
const location = closed(
  {
    physicalLocation: closed(
      { artifactLocation: closed({ uri: { type: 'string', minLength: 1 } }, ['uri']) },
      ['artifactLocation'],
    ),
  },
  [],
);
const result = closed(
  {
    ruleId: { type: 'string' },
    ruleIndex: { type: 'integer', minimum: -1 },
    level: { enum: ['none', 'note', 'warning', 'error'] },
    message,
    locations: { type: 'array', items: location },
  },
  ['message'],
);
const run = closed(
  {
    tool: closed(
      {
        driver: closed(
          {
            name: { type: 'string' },
            informationUri: { type: 'string' },
            rules: { type: 'array', uniqueItems: true, items: rule },
          },
          ['name'],
        ),
      },
      ['driver'],
    ),
    invocations: {
      type: 'array',
      items: closed({ executionSuccessful: { type: 'boolean' }, exitCode: { type: 'integer' } }, [
        'executionSuccessful',
      ]),
    },
    results: { type: 'array', items: result },
  },
  ['tool'],
);

/**
 * SARIF 2.1.0 as far as it reaches what the commands write, from OASIS's published schema
 * (sarif-2.1.0-rtm.5). Objects are closed where the published ones are, so that a member of a wrong
 * name is found.
 */
const validate = new Ajv({ allErrors: true, strict: false }).compile(
  closed(
    {
      $schema: { type: 'string' },
      version: { const: '2.1.0' },
      runs: { type: 'array', items: run },
    },
    ['version', 'runs'],
  ),
);

/** @returns what breaks the schema, by its place */
export const sarifFaults = (document: object): readonly string[] => {
  validate(document);
  return (validate.errors ?? []).map(
    ({ instancePath, message: text = '' }) => `${instancePath || '/'} ${text}`,
  );
};
