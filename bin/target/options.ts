import type { Command } from 'commander';

/** Gives a command the options that say which deployment it works on: see `targetOf`. */
export const withTarget = (command: Command): Command =>
  command
    .option('--stack <name>', 'the deployed stack, whose outputs name table and user pool')
    .option('--path <construct>', 'which Gatehouse, where the stack has several: Orders/Mcp')
    .option('--region <region>', "of the stack (default: AWS_REGION, else the profile's)")
    .option('--profile <name>', 'of the AWS credentials (default: AWS_PROFILE)')
    .option('--local [port]', 'the running local runtime (default, where no --stack is named)');
