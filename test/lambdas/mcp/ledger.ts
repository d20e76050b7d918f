import * as z from 'zod';
import { definePrompt } from '../../../lambdas/mcp/authoring/define-prompt.ts';
import {
  defineResource,
  defineResourceTemplate,
} from '../../../lambdas/mcp/authoring/define-resource.ts';

// What a server has for people of two groups alone, beside what it has for everybody.

const access = { groups: ['finance', 'auditors'] };
export const described = {
  title: 'Ledger',
  description: 'For finance.',
  scopes: [],
  access,
} as const;

export const audit = definePrompt({
  ...described,
  name: 'audit',
  arguments: z.object({ year: z.string() }),
  complete: { year: () => ['2026'] },
  handler: () => 'Look closely.',
});
export const accounts = defineResource({
  ...described,
  uri: 'test://accounts',
  name: 'accounts',
  mimeType: 'text/plain',
  read: () => 'accounts',
});
export const entry = defineResourceTemplate({
  ...described,
  uriTemplate: 'test://entry/{id}',
  name: 'entry',
  mimeType: 'text/plain',
  complete: { id: () => ['1'] },
  read: () => 'entry',
});
