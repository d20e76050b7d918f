/**
 * The custom resource's code, inline in the template: CommonJS, with the SDK that Lambda's runtime
 * brings. It reads the account's setting first, makes a role only where there is none, overwrites
 * none and removes none.
 */
export const handlerCode: string = `
const { APIGatewayClient, GetAccountCommand, UpdateAccountCommand } =
  require('@aws-sdk/client-api-gateway');
const { IAMClient, CreateRoleCommand, AttachRolePolicyCommand } = require('@aws-sdk/client-iam');

const attempts = 10;
const pauseMilliseconds = 5000;

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'apigateway.amazonaws.com' },
      Action: 'sts:AssumeRole',
    },
  ],
});

const makeRole = async ({ RoleName, RoleArn, PolicyArn }) => {
  const iam = new IAMClient({});
  try {
    await iam.send(new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: trust,
      Description: 'API Gateway writes the logs of this account and region with it',
    }));
  } catch (error) {
    if (error.name !== 'EntityAlreadyExistsException') throw error;
  }
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  return RoleArn;
};

const use = async (gateway, value) => {
  const patchOperations = [{ op: 'replace', path: '/cloudwatchRoleArn', value }];
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await gateway.send(new UpdateAccountCommand({ patchOperations }));
    } catch (error) {
      // A new role is not known everywhere at once.
      if (attempt === attempts || error.name === 'AccessDeniedException') throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
  }
};

const ensure = async (properties) => {
  const gateway = new APIGatewayClient({});
  const { cloudwatchRoleArn } = await gateway.send(new GetAccountCommand({}));
  if (!cloudwatchRoleArn) await use(gateway, await makeRole(properties));
};

exports.handler = async (event) => {
  const response = {
    Status: 'SUCCESS',
    PhysicalResourceId: 'api-gateway-logging-role',
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  };
  try {
    if (event.RequestType !== 'Delete') await ensure(event.ResourceProperties);
  } catch (error) {
    response.Status = 'FAILED';
    response.Reason = 'API Gateway needs one logging role for the account and region, and it could ' +
      'not be made (' + error.name + '). Make it by hand, or set "cloudWatchRole": false, which ' +
      'leaves out the access log.';
  }
  await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(response) });
};
`.trim();
