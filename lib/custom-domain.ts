import { DomainName, EndpointType, SecurityPolicy, type Stage } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { CfnOutput, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ConfigurationError } from './configuration.ts';

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
    const { region } = Stack.of(this);
    const certificateRegion = certificateArn.split(':')[3];
    if (!Token.isUnresolved(certificateArn) && !Token.isUnresolved(region))
      if (certificateRegion !== region)
        throw new ConfigurationError(
          `domain.certificateArn: the certificate is in ${certificateRegion}, and the stack in ${region}: a regional endpoint takes one of its own region only.`,
        );
    const domain = new DomainName(this, 'Domain', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
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
    new ARecord(this, 'Ipv4', { zone, recordName: name, target });
    new AaaaRecord(this, 'Ipv6', { zone, recordName: name, target });
  }
}
