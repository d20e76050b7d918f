import fc from 'fast-check';
import { Resolver } from '../../../local/template/intrinsics.ts';
import { templateSchema } from '../../../local/template/template.ts';

const resolver = (template: Record<string, unknown> = {}) =>
  new Resolver({
    template: templateSchema.parse({
      Resources: { Thing: { Type: 'AWS::SNS::Topic' } },
      ...template,
    }),
    identifiers: { ref: (id) => `ref-of-${id}`, attribute: (id, name) => `${id}:${name}` },
    pseudoParameters: { 'AWS::Region': 'eu-west-1' },
    dynamicReference: (reference) =>
      reference.includes(':secretsmanager:') ? 'hidden' : undefined,
  });

const resolve = (value: unknown, template?: Record<string, unknown>) =>
  resolver(template).resolve(value, 'Thing.Property');

describe('intrinsic functions', () => {
  it.each([
    ['Ref of a resource', { Ref: 'Thing' }, 'ref-of-Thing'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Thing', 'Arn'] }, 'Thing:Arn'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Thing.Endpoint.Address' }, 'Thing:Endpoint.Address'],
    ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Thing' }, 3]] }, 'a/ref-of-Thing/3'],
    [
      'Fn::Sub',
      { 'Fn::Sub': `arn:\${AWS::Region}:\${Thing}:\${Thing.Arn}:\${!Literal}` },
      `arn:eu-west-1:ref-of-Thing:Thing:Arn:\${Literal}`,
    ],
    [
      'Fn::Sub with variables',
      { 'Fn::Sub': [`\${name}!`, { name: { Ref: 'Thing' } }] },
      'ref-of-Thing!',
    ],
    [
      'Fn::Select of Fn::Split',
      { 'Fn::Select': [1, { 'Fn::Split': ['-', { Ref: 'Thing' }] }] },
      'of',
    ],
    ['Fn::Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    [
      'a dynamic reference inside text',
      'x-{{resolve:secretsmanager:arn:SecretString:key::}}',
      'x-hidden',
    ],
    [
      'nested values',
      { a: [{ b: { Ref: 'Thing' } }], c: true },
      { a: [{ b: 'ref-of-Thing' }], c: true },
    ],
    [
      'AWS::NoValue, which leaves the property out',
      { a: 1, b: { Ref: 'AWS::NoValue' }, c: [{ Ref: 'AWS::NoValue' }, 2] },
      { a: 1, c: [2] },
    ],
  ])('resolves %s', (_, value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it('resolves conditions and what hangs on them', () => {
    const Conditions = {
      Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
      There: { 'Fn::Not': [{ Condition: 'Here' }] },
      Both: { 'Fn::And': [{ Condition: 'Here' }, { Condition: 'There' }] },
      Either: { 'Fn::Or': [{ Condition: 'Here' }, { Condition: 'There' }] },
    };
    const chosen = (name: string) =>
      resolve({ 'Fn::If': [name, 'yes', { Ref: 'AWS::NoValue' }] }, { Conditions });
    expect(['Here', 'There', 'Both', 'Either'].map(chosen)).toEqual([
      'yes',
      undefined,
      undefined,
      'yes',
    ]);
  });

  it('resolves parameters by their default and maps by their keys', () => {
    expect(resolve({ Ref: 'Size' }, { Parameters: { Size: { Type: 'Number', Default: 5 } } })).toBe(
      5,
    );
    expect(
      resolve(
        { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'b'] },
        { Mappings: { M: { 'eu-west-1': { b: 'found' } } } },
      ),
    ).toBe('found');
  });

  it.each([
    [
      'an unknown function',
      { 'Fn::Cidr': 'x' },
      'Thing.Property uses Fn::Cidr, which the local runtime does not resolve',
    ],
    [
      'an import of nothing',
      { 'Fn::ImportValue': 'x' },
      'Thing.Property reads the export x, which no stack of the app has',
    ],
    [
      'an output of nothing',
      { 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'x' } },
      'Thing.Property reads the output x of the stack Data, which no stack of the app has',
    ],
    [
      'a function inside a list',
      { list: [{ 'Fn::GetAZs': '' }] },
      'Thing.Property.list[0] uses Fn::GetAZs',
    ],
    [
      'a name that is not there',
      { Ref: 'Nothing' },
      'Thing.Property refers to Nothing, which the template does not have',
    ],
    [
      'an attribute of nothing',
      { 'Fn::GetAtt': ['Nothing', 'Arn'] },
      'reads an attribute of Nothing',
    ],
    [
      'another kind of dynamic reference',
      '{{resolve:ssm:/x}}',
      'the dynamic reference {{resolve:ssm:/x}}',
    ],
    [
      'an index past the end',
      { 'Fn::Select': [5, ['a']] },
      'asks for an element that the list does not have',
    ],
    ['text made of a list', { 'Fn::Join': ['', [['a']]] }, 'should resolve to text'],
  ])('refuses %s, saying where it stands', (_, value, message) => {
    expect(() => resolve(value)).toThrow(message);
  });

  it('leaves every value without intrinsic functions as it is', () => {
    const plain = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{1,5}$/), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(plain, (value) => {
        // `Ref` alone is the one capitalized word that means something.
        fc.pre(
          !JSON.stringify(value).includes('"Ref"') && !JSON.stringify(value).includes('{{resolve:'),
        );
        expect(resolve(value)).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });

  it('joins and splits back to the same parts', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 1 }), (parts) => {
        expect(resolve({ 'Fn::Split': ['/', { 'Fn::Join': ['/', parts] }] })).toEqual(parts);
      }),
    );
  });
});
