import {
  CfnDomainName,
  DomainName,
  EndpointType,
  SecurityPolicy,
  type Stage,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import {
  CfnOutput,
  Reference,
  type ResourceEnvironment,
  Stack,
  Token,
  Tokenization,
} from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { requireSamePlace } from './same-place.ts';

export interface CustomDomainProps {
  readonly name: string;
  readonly certificateArn: string;
  /**
   * Where to put the alias records. @default none are made; the output names the target to point a
   * record at
   */
  readonly hostedZone?: { readonly id: string; readonly name: string } | undefined;
  readonly stage: Stage;
}

/**
 * URL mode `domain`: the host's root is the stage (empty base path), so every client finds the
 * well-known documents.
 */
export class CustomDomain extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { name, certificateArn, hostedZone, stage }: CustomDomainProps,
  ) {
    super(scope, id);
    // A regional endpoint takes a certificate of its own region and account only.
    requireSamePlace(
      this,
      'domain.certificateArn: the certificate',
      placeOfCertificate(certificateArn),
    );
    const domain = new DomainName(this, 'Domain', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    this.node.addValidation({ validate: () => repeatedDomain(this, name) });
    domain.addBasePathMapping(stage.restApi, { stage });
    if (hostedZone === undefined) {
      new CfnOutput(this, 'Target', {
        value: domain.domainNameAliasDomainName,
        description: `Point a CNAME or alias record of ${name} here`,
      });
      return;
    }
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: hostedZone.id,
      zoneName: hostedZone.name,
    });
    const target = RecordTarget.fromAlias(new ApiGatewayDomain(domain));
    // With a dot at its end it is whole: CDK adds the zone's name to any other that it cannot compare.
    const recordName = `${name}.`;
    new ARecord(this, 'Ipv4', { zone, recordName, target });
    new AaaaRecord(this, 'Ipv6', { zone, recordName, target });
  }
}

/** API Gateway has a name once a region, and CloudFormation hears of it in the middle of a deployment. */
const repeatedDomain = (scope: Construct, name: string): string[] => {
  const { environment } = Stack.of(scope);
  const others = scope.node.root.node
    .findAll()
    .filter(
      (construct) =>
        construct instanceof CfnDomainName &&
        construct.domainName === name &&
        Stack.of(construct).environment === environment,
    );
  if (others.length < 2 || Token.isUnresolved(name)) return [];
  const places = others.map((each) => Stack.of(each).node.path).join(' and ');
  return [`The domain ${name} stands in ${places}: give each Gatehouse a host of its own`];
};

/** Of an ARN, or of the stack that makes the certificate. */
const placeOfCertificate = (arn: string): Partial<ResourceEnvironment> => {
  const [token] = Tokenization.reverseString(arn).tokens;
  if (token === undefined) {
    const [, , , region, account] = arn.split(':');
    return { ...(region !== undefined && { region }), ...(account !== undefined && { account }) };
  }
  if (!Reference.isReference(token)) return {};
  const { region, account } = Stack.of(token.target);
  return { region, account };
};
