import { Token } from 'aws-cdk-lib/core';
import * as z from 'zod';

const hostNameShape = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const noHostName = 'is not a lower-case host name like mcp.example.com';

export const hostName = z.string().regex(hostNameShape, noHostName);

/** A text of this shape, or a CDK token, whose text is known only at the deployment. */
export const shaped = (shape: RegExp, message: string) =>
  z.string().refine((value) => Token.isUnresolved(value) || shape.test(value), message);

export const hostNameOrToken = shaped(hostNameShape, noHostName);
