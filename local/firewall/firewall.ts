import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import { addressSet } from './addresses.ts';
import { wafRules, webAclAction } from './rules.ts';
import { type Firewall, makeFirewall } from './web-acl.ts';

const contentTypes = {
  APPLICATION_JSON: 'application/json',
  TEXT_HTML: 'text/html',
  TEXT_PLAIN: 'text/plain',
} as const;

const webAclProperties = z.looseObject({
  AssociationConfig: z
    .strictObject({
      RequestBody: z.strictObject({
        API_GATEWAY: z.strictObject({
          DefaultSizeInspectionLimit: z.enum(['KB_16', 'KB_32', 'KB_48', 'KB_64']),
        }),
      }),
    })
    .optional(),
  CustomResponseBodies: z
    .record(
      z.string(),
      z.strictObject({
        ContentType: z.enum(['APPLICATION_JSON', 'TEXT_HTML', 'TEXT_PLAIN']),
        Content: z.string(),
      }),
    )
    .default({}),
  DefaultAction: webAclAction,
  Name: z.string().optional(),
  Rules: wafRules,
  Scope: z.literal('REGIONAL'),
});

const associationProperties = z.strictObject({ ResourceArn: z.string(), WebACLArn: z.string() });
const ipSetProperties = z.looseObject({
  Addresses: z.array(z.string()),
  IPAddressVersion: z.enum(['IPV4', 'IPV6']),
});
const patternSetProperties = z.looseObject({ RegularExpressionList: z.array(z.string()) });

/** Nothing stands before the resource. */
const open: Firewall = {
  inspect: () => ({ action: 'allow', labels: [], insertedHeaders: {} }),
  managedGroups: [],
};

/** The web ACL that the template associates with a resource. */
export const readFirewall = (stack: Stack, resourceArn: string): Firewall => {
  const association = stack
    .resources('AWS::WAFv2::WebACLAssociation')
    .map((each) => propertiesOf(associationProperties, each))
    .find(({ ResourceArn }) => ResourceArn === resourceArn);
  if (association === undefined) return open;
  const resource = stack
    .resources('AWS::WAFv2::WebACL')
    .find(({ logicalId }) => stack.attribute(logicalId, 'Arn') === association.WebACLArn);
  if (resource === undefined)
    throw new StartupFailure(
      `A web ACL association names ${association.WebACLArn}, which the template does not have.`,
    );
  const acl = propertiesOf(webAclProperties, resource);
  const sets = {
    addressSets: new Map(
      stack
        .resources('AWS::WAFv2::IPSet')
        .map(
          (each) =>
            [
              stack.attribute(each.logicalId, 'Arn'),
              addressSet(propertiesOf(ipSetProperties, each).Addresses),
            ] as const,
        ),
    ),
    patternSets: new Map(
      stack
        .resources('AWS::WAFv2::RegexPatternSet')
        .map(
          (each) =>
            [
              stack.attribute(each.logicalId, 'Arn'),
              propertiesOf(patternSetProperties, each).RegularExpressionList.map(
                (pattern) => new RegExp(pattern),
              ),
            ] as const,
        ),
    ),
  };
  return makeFirewall({
    rules: acl.Rules,
    defaultAction: acl.DefaultAction,
    labelPrefix: stack.attribute(resource.logicalId, 'LabelNamespace'),
    bodyLimit:
      1024 *
      Number(
        acl.AssociationConfig?.RequestBody.API_GATEWAY.DefaultSizeInspectionLimit.slice(
          'KB_'.length,
        ) ?? 16,
      ),
    customBodies: new Map(
      Object.entries(acl.CustomResponseBodies).map(
        ([key, { ContentType, Content }]) =>
          [key, { contentType: contentTypes[ContentType], content: Content }] as const,
      ),
    ),
    ...sets,
  });
};
