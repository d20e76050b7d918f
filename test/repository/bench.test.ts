import { startServices } from '../../bench/measure/services.ts';
import { everyFunctionReads, functionTable } from '../../lib/function-table.ts';

test('the bench gives the functions that it measures every variable that they read', async () => {
  const { environment, stop } = await startServices();
  await stop();
  const read = [
    ...everyFunctionReads,
    ...functionTable.mcp.variables,
    ...functionTable.authorizer.variables,
  ];
  expect(Object.keys(environment)).toEqual(expect.arrayContaining(read));
});
