import * as z from 'zod';
import { type Aws, queryCall } from './aws.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const identity = z.looseObject({ Arn: z.string() });

/** @returns whose credentials these are: `arn:aws:sts::111122223333:assumed-role/Admin/ada` */
export const callerArn = async (aws: Aws): Promise<string> =>
  identity.parse(await queryCall(aws, 'sts', '2011-06-15', 'GetCallerIdentity')).Arn;

/** @returns the same without the account (ERR-1): `assumed-role/Admin/ada` */
export const callerName = async (aws: Aws): Promise<string> =>
  (await callerArn(aws)).split(':').slice(5).join(':');
