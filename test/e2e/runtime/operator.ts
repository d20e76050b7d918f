import { localTarget } from '../../../bin/target/local.ts';
import type { Target } from '../../../bin/target/target.ts';
import { namesIn } from '../../../local/emulated-services.ts';
import type { Gatehouse } from '../../../local/runtime.ts';

/** What a command works on that is typed beside a local runtime. */
export const operatorOf = ({ stack, port, mcpUrl, table, logsApi, cognito }: Gatehouse): Target =>
  localTarget({
    ...namesIn(stack),
    version: 3,
    processId: process.pid,
    port,
    mcpUrl,
    region: stack.deployment.region,
    dynamodb: table.endpoint,
    logs: logsApi.endpoint,
    cognito: {
      url: `https://localhost:${cognito.apiPort}`,
      certificateAuthority: cognito.certificateAuthority,
    },
  });
