import { readConfiguration } from '../../lib/configuration.ts';
import { ownScopeDefinitions } from '../../lib/scope-settings.ts';
import { ownScopes } from '../../policy/scopes.ts';

const words = 'Change your orders';
const definitionsOf = (scopes: object) => ownScopeDefinitions(readConfiguration({ scopes }).scopes);

describe('scopes of one’s own', () => {
  test('are named as tokens name them, and come with the base scope', () => {
    expect(
      definitionsOf({
        'orders.read': { words: 'See your orders' },
        'orders.write': { words, implies: ['orders.read', 'tools.call'] },
      }),
    ).toEqual({
      'gatehouse/orders.read': { words: 'See your orders', implies: ['gatehouse/tools.read'] },
      'gatehouse/orders.write': {
        words,
        implies: ['gatehouse/tools.read', 'gatehouse/orders.read', 'gatehouse/tools.call'],
      },
    });
  });

  test('are none unless somebody names one', () => {
    expect(definitionsOf({})).toEqual({});
  });

  test.each([
    ['Orders', { words }, 'scopes.Orders: is not a name like orders.write'],
    ['orders/write', { words }, 'is not a name like orders.write'],
    ['a'.repeat(ownScopes.nameCharacters + 1), { words }, 'is not a name like orders.write'],
    ['openid', { words }, 'scopes.openid: is reserved'],
    ['tools.call', { words }, 'scopes.tools.call: is reserved'],
    ['aws.cognito.signin.user.admin', { words }, 'is reserved'],
    ['orders', { words: '' }, 'scopes.orders.words: is not a line of up to 100 characters'],
    ['orders', { words: 'two\nlines' }, 'is not a line of up to 100 characters'],
    ['orders', { words: 'x'.repeat(101) }, 'is not a line of up to 100 characters'],
    [
      'orders',
      { words, implies: ['order'] },
      'scopes.orders.implies: names order, which is none of orders, tools.read, tools.call',
    ],
    ['orders', { words, implies: ['orders'] }, 'names orders, which is the scope itself'],
  ])('are refused as %s: %j', (name, scope, reason) => {
    expect(() => definitionsOf({ [name]: scope })).toThrow(reason);
  });

  test('are so many at most', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, { words }]));
    expect(Object.keys(definitionsOf(many(ownScopes.most)))).toHaveLength(ownScopes.most);
    expect(() => definitionsOf(many(ownScopes.most + 1))).toThrow('scopes: are more than 20');
  });
});
