import { isPathPart, parseResourceId } from '../../../../shared/core/resourceIds';
import { senselessAnswer } from '../../../../shared/messages/failures';
import type { Limit } from '../../../../shared/core/limits';
import type { Arm } from '../../../../shared/azure/arm';
import { failureOf, toFailure } from '../../../../shared/azure/failures';
import { SECURITY_GROUP } from '../../../../shared/azure/read/securityGroup';
import { callFor } from '../../../../shared/azure/reader';
import { addressOf, toRequest } from '../../../../shared/azure/request';

/**
 * Deletes a rule of an NSG. A rule that does not exist is not an error. Whether the deletion took effect is read from
 * the rules, not from the operation. Throws a `CodedError`.
 * https://learn.microsoft.com/rest/api/virtualnetwork/security-rules/delete
 */
export async function deleteRule(arm: Arm, groupId: string, ruleName: string, limit: Limit): Promise<void> {
  const action = `${SECURITY_GROUP.type}/securityRules/delete`;
  const call = callFor({ ...SECURITY_GROUP, action }, groupId);
  const parsed = parseResourceId(groupId);
  if (!parsed)
    throw senselessAnswer('Azure Resource Manager', `${groupId} is not the ID of a network security group`);
  // The name comes from a response. With a path in it, the URL would address another resource.
  if (!isPathPart(ruleName))
    throw senselessAnswer('Azure Resource Manager', `${ruleName} is not the name of a rule`);
  const url = addressOf(arm.url, `${parsed.id}/securityRules/${ruleName}`, SECURITY_GROUP.service);
  try {
    const send = () => arm.send(toRequest({ method: 'DELETE', url }, limit));
    const first = await send();
    // The NSG was changed at the same time. The deletion itself has no condition, so it can be sent again.
    const response = first.status === 412 ? await send() : first;
    if (response.status < 200 || response.status >= 300) throw failureOf(response, call);
  } catch (error) {
    throw toFailure(error, call);
  }
}
