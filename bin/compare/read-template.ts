import * as z from 'zod';
import { UserError } from '../../lib/user-error.ts';
import { makeAws, queryCall } from '../aws/aws.ts';
import { type Account, findCredentials, findRegion } from '../aws/credentials.ts';
import { AwsError } from '../aws/error.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html */
const found = z.looseObject({ TemplateBody: z.string() });

/**
 * The template that a stack was last deployed with.
 * @returns undefined where there is no such stack
 * @throws UserError where it is no template of the CDK's, which are JSON
 */
export const readTemplate = async (stack: string, account: Account): Promise<unknown> => {
  const aws = makeAws({
    region: await findRegion(account),
    credentials: await findCredentials(account),
  });
  try {
    const { TemplateBody: body } = found.parse(
      await queryCall(aws, 'cloudformation', '2010-05-15', 'GetTemplate', {
        StackName: stack,
        TemplateStage: 'Original',
      }),
    );
    return JSON.parse(body);
  } catch (error) {
    // GetTemplate has no code of its own for it: "Stack with id X does not exist".
    if (error instanceof AwsError && error.code === 'ValidationError') return undefined;
    if (error instanceof SyntaxError)
      throw new UserError(`The template of the stack ${stack} is not JSON, so not the CDK's.`);
    throw error;
  }
};
