import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../../policy/deployment.ts';
import { edgeHeaders, edgeSettings } from '../../policy/edge.ts';
import { pathsWhere, wellKnown } from '../../policy/endpoints.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { acknowledge } from '../acknowledge.ts';
import { globalName } from '../names.ts';
import { edgeHeadersPolicy } from './edge-headers-policy.ts';
import { canBeDelivered, EdgeLog } from './edge-log.ts';
import type { OriginSecret } from './origin-secret.ts';
import { viewerRequestCode } from './viewer-request.ts';

export interface DistributionProps {
  /**
   * Host of the bare API. Not its stage: that needs the functions, and those need this
   * distribution's name.
   */
  readonly originHost: string;
  readonly stageName: string;
  readonly environment: Environment;
  readonly originSecret: OriginSecret;
  readonly key: IKey;
}

/**
 * URL mode `cloudfront`: a host whose root is ours, for teams without a domain, so that clients
 * find the well-known documents.
 */
export class Distribution extends Construct {
  /** `https://d111111abcdef8.cloudfront.net` */
  readonly origin: string;
  readonly distribution: cloudfront.Distribution;

  constructor(scope: Construct, id: string, props: DistributionProps) {
    super(scope, id);
    const everything = this.behavior(props);
    const documents = {
      ...everything,
      cachePolicy: this.documentsCache(),
      originRequestPolicy: this.documentsRequest(),
      allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
    };
    this.distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: `Gatehouse ${props.stageName}`,
      defaultBehavior: everything,
      additionalBehaviors: Object.fromEntries(keptPaths.map((path) => [path, documents])),
      errorResponses: keptErrors.map((httpStatus) => ({
        httpStatus,
        ttl: Duration.seconds(edgeSettings.keptErrorSeconds),
      })),
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
    });
    this.origin = `https://${this.distribution.distributionDomainName}`;
    if (canBeDelivered(this))
      new EdgeLog(this, 'Log', {
        distribution: this.distribution,
        environment: props.environment,
        key: props.key,
      });
    acknowledge(this.distribution, {
      'AwsSolutions-CFR1': 'Who may log in is decided by person and token, not by country.',
      'AwsSolutions-CFR2':
        'The web ACL stands on the stage, which takes only what came through here; its rate rules count the viewer address that we pass on.',
      'AwsSolutions-CFR3':
        'The log is delivered with chosen fields (EdgeLog), because the older kind always holds the query string (LOG-5).',
      'AwsSolutions-CFR4':
        'Under the default certificate CloudFront fixes the floor at TLSv1: a client that old could connect, and no MCP client or browser is; the URL mode "domain" has a floor of TLS 1.2.',
    });
  }

  private behavior({
    originHost,
    stageName,
    environment,
    originSecret,
  }: DistributionProps): cloudfront.BehaviorOptions {
    return {
      origin: new HttpOrigin(originHost, {
        originPath: `/${stageName}`,
        protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
        customHeaders: { [edgeHeaders.originSecret]: originSecret.sent },
        readTimeout: Duration.seconds(edgeSettings.originReadSeconds),
        keepaliveTimeout: Duration.seconds(edgeSettings.originKeepaliveSeconds),
      }),
      allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
      // A redirect would have sent the token in the clear already.
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
      // API Gateway finds the API by the Host header, so that one must be its own.
      originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: edgeHeadersPolicy(this, 'Headers', environment),
      compress: true,
      functionAssociations: [
        { function: this.viewerAddress(), eventType: cloudfront.FunctionEventType.VIEWER_REQUEST },
      ],
    };
  }

  /**
   * RATE-10: the headers that the web ACL and the functions believe, written over whatever the
   * client sent.
   */
  private viewerAddress() {
    return new cloudfront.Function(this, 'ViewerAddress', {
      comment: 'Gatehouse: the viewer address and network, and no trace of the caller',
      runtime: cloudfront.FunctionRuntime.JS_2_0,
      code: cloudfront.FunctionCode.fromInline(viewerRequestCode),
    });
  }

  /**
   * The metadata documents, as long as they allow it themselves; each origin apart, since their
   * CORS headers differ.
   */
  private documentsCache() {
    return new cloudfront.CachePolicy(this, 'Documents', {
      cachePolicyName: globalName(this, 'Documents'),
      comment: 'Gatehouse: metadata documents, by their max-age',
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.seconds(lifetimes.discoverySeconds),
      headerBehavior: cloudfront.CacheHeaderBehavior.allowList('Origin'),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    });
  }

  /**
   * What is not part of the key does not reach the origin either: nobody's header or query decides
   * what others are given.
   */
  private documentsRequest() {
    return new cloudfront.OriginRequestPolicy(this, 'DocumentsRequest', {
      originRequestPolicyName: globalName(this, 'DocumentsRequest'),
      comment: 'Gatehouse: metadata documents, by nothing but path and Origin',
      headerBehavior: cloudfront.OriginRequestHeaderBehavior.allowList(
        edgeHeaders.viewerAddress,
        edgeHeaders.viewerNetwork,
      ),
    });
  }
}

/**
 * Statuses that CloudFront keeps by itself, `no-store` and CachingDisabled or not: anybody could
 * make everybody's `/authorize` a 400 by one bad request every ten seconds (cache-poisoned denial
 * of service).
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 */
const keptErrors = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504] as const;

/** The folders of the documents that may be kept, and those that stand in none of these. */
const keptPaths: readonly string[] = [
  ...new Set(
    pathsWhere(({ cache }) => cache === 'documents').map((path) => {
      const [parent, document] = path.split(wellKnown.folder, 2);
      return document === undefined ? path : `${parent}${wellKnown.folder}*`;
    }),
  ),
];
