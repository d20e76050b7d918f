import { type Table, table } from 'gatehouse/table';

let opened: Table | undefined;

/** Opened by the first call: the build loads the tools too, and has no table. */
export const orders = (): Table => {
  opened ??= table({
    name: process.env['ORDERS_TABLE'] ?? '',
    region: process.env['AWS_REGION'] ?? '',
  });
  return opened;
};

/** Somebody's order: nobody can name another person's. */
export const orderKey = (sub: string, order: string): string => `${sub}#${order}`;
