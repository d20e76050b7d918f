import { Token } from 'aws-cdk-lib/core';
import * as z from 'zod';

export const hostName = z
  .string()
  .regex(
    /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'is not a lower-case host name like mcp.example.com',
  );

/** A text of this shape, or a CDK token, whose text is known only at the deployment. */
export const shaped = (shape: RegExp, message: string) =>
  z.string().refine((value) => Token.isUnresolved(value) || shape.test(value), message);
