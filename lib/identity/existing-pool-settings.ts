import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import * as z from 'zod';
import { providerQuotas } from '../../policy/identity.ts';
import { shaped } from '../configuration-shapes.ts';

const isUserPool = (value: unknown): value is IUserPool =>
  typeof value === 'object' &&
  value !== null &&
  'userPoolId' in value &&
  'registerIdentityProvider' in value;

const noPool =
  'is neither the id of a user pool like eu-west-1_AbCdEf123 nor UserPool.fromUserPoolId(…)';

/** A pool that somebody else owns. What cannot be read of it at synthesis has to be said here. */
export const existingPool = z.strictObject({
  pool: z.union(
    [
      shaped(/^[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]{1,40}$/, noPool),
      z.custom<IUserPool>(isUserPool),
    ],
    noPool,
  ),
  loginUrl: shaped(
    /^https:\/\/[a-z0-9.-]{1,253}$/,
    "is not the URL of the pool's own domain, like https://login.example.com",
  ),
  providers: z
    .array(
      z.string().regex(/^[^\s_][^\s]{0,31}$/, "is not the name of one of the pool's providers"),
    )
    .max(providerQuotas.providers)
    .default([]),
  attributes: z
    .array(z.string().regex(/^custom:[\w.-]{1,20}$/, 'is not custom:<name>'))
    .max(providerQuotas.customAttributes)
    .default([]),
  managedLogin: z.boolean('is not true or false').default(true),
  trigger: z.boolean('is not true or false').default(false),
});

export type ExistingPool = z.infer<typeof existingPool>;
