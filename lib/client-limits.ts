import { Annotations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import * as z from 'zod';
import { clientLimits } from '../policy/client-limits.ts';
import { UserError } from './user-error.ts';

/** What becomes of a tool that a well-known client would refuse. */
export type ClientLimitsMode = 'warn' | 'refuse';

const catalogue = z.looseObject({
  tools: z.array(
    z.looseObject({
      name: z.string(),
      description: z.string(),
      inputSchema: z.looseObject({
        properties: z.record(z.string(), z.unknown()).optional(),
      }),
    }),
  ),
});

type ListedTool = z.infer<typeof catalogue>['tools'][number];

interface ClientLimit {
  readonly client: string;
  readonly effect: string;
  readonly source: string;
}

const finding = (what: string, { client, effect, source }: ClientLimit): string =>
  `${what}: ${client} ${effect} (${source})`;

/** What well-known clients refuse of the tools, a sentence each. */
export const clientFindings = (written: unknown): string[] => {
  const { tools } = catalogue.parse(written);
  const { most } = clientLimits.tools;
  return [
    ...(tools.length > most
      ? [finding(`There are more than ${most} tools (${tools.length})`, clientLimits.tools)]
      : []),
    ...tools.flatMap(toolFindings),
  ];
};

const toolFindings = ({ name, description, inputSchema }: ListedTool): string[] => {
  const { toolName, argumentName, descriptionCharacters, schemaUnion } = clientLimits;
  const findings: string[] = [];
  if (!new RegExp(toolName.pattern).test(name))
    findings.push(finding(`The name of the tool "${name}" is not ${toolName.pattern}`, toolName));
  if (description.length > descriptionCharacters.most)
    findings.push(
      finding(
        `The description of the tool "${name}" has more than ${descriptionCharacters.most} characters`,
        descriptionCharacters,
      ),
    );
  if (['oneOf', 'anyOf', 'allOf'].some((keyword) => Object.hasOwn(inputSchema, keyword)))
    findings.push(finding(`The arguments of the tool "${name}" are a union`, schemaUnion));
  for (const argument of Object.keys(inputSchema.properties ?? {}))
    if (!new RegExp(argumentName.pattern).test(argument))
      findings.push(
        finding(
          `The argument "${argument}" of the tool "${name}" is not ${argumentName.pattern}`,
          argumentName,
        ),
      );
  return findings;
};

/**
 * Warns about what clients refuse, at the construct that serves it.
 * @throws UserError instead, where the mode is `refuse`
 */
export const judgeForClients = (
  construct: IConstruct,
  written: unknown,
  mode: ClientLimitsMode,
): void => {
  const findings = clientFindings(written);
  if (mode === 'refuse' && findings.length > 0)
    throw new UserError(`Clients would refuse these definitions:\n${findings.join('\n')}`);
  for (const each of findings)
    Annotations.of(construct).addWarningV2(`gatehouse:clients:${each}`, each);
};
