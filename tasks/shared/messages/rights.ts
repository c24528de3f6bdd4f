import { ForbiddenError, type CodedError } from '../core/errors';
import type { CheckedRight, NeededRight, Purpose } from '../core/rights';
import { say } from '../core/text';

/** What a right is needed for. `without`: what happens in a run if it is missing. `perhaps`: only some VMs need it. */
interface PurposeText {
  readonly why: string;
  readonly without: 'fails' | 'perhaps' | { readonly degrades: string };
}

export const PURPOSES: Readonly<Record<Purpose, PurposeText>> = {
  findPolicy: { why: 'to find the policy of the VM', without: 'fails' },
  request: { why: 'to request access', without: 'fails' },
  requestForVm: {
    why: 'which Azure requires for some VMs (Microsoft does not document which)',
    without: 'perhaps',
  },
  readVmToAsk: {
    why: 'to request access to the VM, and to find its network interfaces and whether it runs',
    without: 'fails',
  },
  readVm: {
    why: 'to find the network interfaces of the VM and whether it runs',
    without: { degrades: 'host stays empty, and the rules cannot be read' },
  },
  readNic: {
    why: 'to find the addresses and the network security group of the VM',
    without: { degrades: 'host stays empty, and the rules cannot be read' },
  },
  readPublicAddress: {
    why: 'to name the public address in host',
    without: { degrades: 'host is the private address' },
  },
  readSubnet: {
    why: 'to find the network security group of the subnet',
    without: { degrades: 'the rules cannot be read' },
  },
  readRules: { why: 'to evaluate the rules', without: { degrades: 'the rules cannot be read' } },
  readVnet: {
    why: 'to know the addresses of VirtualNetwork and Internet',
    without: { degrades: 'rules for VirtualNetwork or Internet do not count as open' },
  },
  readAdminRules: {
    why: 'to evaluate the security admin rules of Azure Virtual Network Manager, which come before the network security groups',
    without: {
      degrades:
        'such a rule may block what the network security groups allow, or allow what they block, and the step cannot see it',
    },
  },
  listWatchers: {
    why: "to find the network watcher of the VM's region, for IP flow verify where the rules alone do not decide",
    without: { degrades: 'what they leave open counts neither as open nor as closed' },
  },
  verifyFlow: {
    why: 'to run IP flow verify with a network watcher where the rules alone do not decide',
    without: { degrades: 'what they leave open counts neither as open nor as closed' },
  },
  readVerdict: {
    why: 'to read the result of IP flow verify, which is available some seconds after the call',
    without: { degrades: 'what the rules leave open counts neither as open nor as closed' },
  },
  deleteRule: {
    why: "to delete the allow rule of the step's own request if the rule outlives the request",
    without: { degrades: 'such a rule stays, and the post-job step warns' },
  },
  writePolicy: { why: 'to write the policy', without: 'fails' },
  deletePolicy: { why: 'to delete the policy', without: 'fails' },
  writePolicyForVm: {
    why: 'which Azure requires to write a policy with this VM',
    without: 'fails',
  },
};

/** The text for a right that Azure might not require for this VM. */
const PERHAPS = 'The step fails only if Azure requires it for this VM.';

/** Describes one action, why it is needed, and what is known about it. */
export const rightText = (
  { action, scope, purpose, shown }: NeededRight,
  scopes: number,
  state: CheckedRight['state'],
  trouble: CodedError | undefined,
): string => {
  const { why, without } = PURPOSES[purpose];
  const where = scopes > 1 ? say`${scope} and ${scopes - 1} more` : say`${scope}`;
  const what = say`${action} on ` + `${where}, ${why}`;
  switch (state) {
    case 'used':
      return `${what}: used just now.`;
    case 'granted':
      return `${what}: a role grants it.`;
    case 'unknown':
      return `${what}: whether a role grants it is not known. ${trouble?.seen ?? ''}`.trimEnd();
    case 'missing': {
      const then =
        without === 'fails'
          ? 'The step would fail.'
          : without === 'perhaps'
            ? PERHAPS
            : `Without it, ${without.degrades}.`;
      const isConditional = shown instanceof ForbiddenError && shown.detail.condition === true;
      const or = isConditional ? ', or a condition on the role assignment (ABAC) is not met' : '';
      return `${what}: no role grants it${or}. ${then}`;
    }
  }
};

export const denyAssignments =
  'Deny assignments are not in the list of permissions that Azure returns. Azure may still deny a right that a role grants.';
