import { defineServer } from 'gatehouse/definitions';

export default defineServer({
  name: 'orders',
  title: 'Orders',
  version: '1.0.0',
  instructions: 'An order is known by its number, and only an open one can be cancelled.',
});
