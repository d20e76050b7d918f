import { InvalidArguments } from '../../../../../lambdas/mcp/authoring/define-tool.ts';
import { posture, postureSections } from '../../../../../lambdas/mcp/default-server/posture.ts';
import reviewPosture from '../../../../../lambdas/mcp/default-server/prompts/review-posture.ts';
import policy from '../../../../../lambdas/mcp/default-server/resources/policy.ts';
import policySection from '../../../../../lambdas/mcp/default-server/resources/policy-section.ts';
import securityPosture from '../../../../../lambdas/mcp/default-server/tools/security-posture.ts';
import { callContext } from '../../../../../lambdas/mcp/testing/call-context.ts';
import { userLimits } from '../../../../../policy/limits.ts';

describe('the security posture', () => {
  it('is the policy in force, whole or by section', async () => {
    expect(await securityPosture.call({}, callContext())).toMatchObject({
      structuredContent: { sections: posture },
    });
    expect(await securityPosture.call({ section: 'limits' }, callContext())).toMatchObject({
      structuredContent: { sections: { limits: { perUser: userLimits } } },
    });
  });

  it('has no other section', async () => {
    for (const section of ['nope', '__proto__', 'constructor']) {
      expect(await securityPosture.call({ section }, callContext())).toBeInstanceOf(
        InvalidArguments,
      );
      expect(
        await policySection.read(`gatehouse://policy/${section}`, callContext()),
      ).toBeUndefined();
    }
  });

  it('reads the same as a resource', async () => {
    expect(JSON.parse(String(await policy.read(callContext())))).toEqual(
      JSON.parse(JSON.stringify(posture)),
    );
    for (const section of postureSections()) {
      expect(
        JSON.parse(
          String(await policySection.read(`gatehouse://policy/${section}`, callContext())),
        ),
      ).toBeDefined();
    }
  });

  it('is put before a reviewer by the prompt, with its source', async () => {
    const messages = await reviewPosture.get({ section: 'sizes' }, callContext());
    expect(messages).toMatchObject([
      { role: 'user', content: { type: 'text' } },
      {
        role: 'user',
        content: {
          type: 'resource',
          resource: { uri: 'gatehouse://policy/sizes', mimeType: 'application/json' },
        },
      },
    ]);
    expect(reviewPosture.complete['section']?.('s', {})).toEqual([
      'scopes',
      'sizes',
      'securityEvents',
    ]);
  });

  it('tells nothing that a stranger could use: no secret, no address of ours', () => {
    expect(JSON.stringify(posture)).not.toMatch(/secret"|arn:|AKIA|amazonaws\.com/);
  });
});
