import { parseResourceId } from '../../domain/resourceIds';
import { senselessAnswer } from '../../messages/failures';
import type { Limit } from '../../world';
import type { Arm } from '../arm';
import { failureOf, toFailure } from '../failures';
import { SECURITY_GROUP } from '../read/securityGroup';
import { callFor } from '../reader';
import { addressOf, toRequest } from '../request';

/**
 * Deletes a rule of a security group; one that is not there any more is well. Whether it worked is read from the rules,
 * not from the operation. https://learn.microsoft.com/rest/api/virtualnetwork/security-rules/delete
 */
export async function deleteRule(arm: Arm, groupId: string, ruleName: string, limit: Limit): Promise<void> {
  const action = `${SECURITY_GROUP.type}/securityRules/delete`;
  const call = callFor({ ...SECURITY_GROUP, action }, groupId);
  const parsed = parseResourceId(groupId);
  if (!parsed) throw senselessAnswer('Azure Resource Manager', `the network security group id ${groupId}`);
  const url = addressOf(arm.url, `${parsed.id}/securityRules/${ruleName}`, SECURITY_GROUP.service);
  try {
    const response = await arm.send(toRequest({ method: 'DELETE', url }, limit));
    if (response.status < 200 || response.status >= 300) throw failureOf(response, call);
  } catch (error) {
    throw toFailure(error, call);
  }
}
