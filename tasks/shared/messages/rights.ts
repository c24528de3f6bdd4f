import { ForbiddenError, type CodedError } from '../core/errors';
import type { CheckedRight, NeededRight, Purpose } from '../core/rights';
import { say } from '../core/text';

/** What a right is for. `without`: what a run meets when it is missing; `perhaps`: it may not need it. */
interface PurposeText {
  readonly why: string;
  readonly without: 'fails' | 'perhaps' | { readonly degrades: string };
}

export const PURPOSES: Readonly<Record<Purpose, PurposeText>> = {
  findPolicy: { why: 'to find the policy of the VM', without: 'fails' },
  request: { why: 'to ask for access', without: 'fails' },
  requestForVm: {
    why: 'may be needed: Azure asks for it for some VMs, and Microsoft does not say for which',
    without: 'perhaps',
  },
  readVmToAsk: {
    why: 'to ask for access to the VM, and to find its network interfaces and whether it runs',
    without: 'fails',
  },
  readVm: {
    why: 'to find the network interfaces of the VM and whether it runs',
    without: { degrades: 'host stays empty, and the rules cannot be read' },
  },
  readNic: {
    why: 'to find the addresses and the security group of the VM',
    without: { degrades: 'host stays empty, and the rules cannot be read' },
  },
  readPublicAddress: {
    why: 'to name the public address in host',
    without: { degrades: 'host is the private address' },
  },
  readSubnet: {
    why: 'to find the security group of the subnet',
    without: { degrades: 'the rules cannot be read' },
  },
  readRules: { why: 'to evaluate the rules', without: { degrades: 'the rules cannot be read' } },
  readVnet: {
    why: 'to know the addresses of VirtualNetwork',
    without: { degrades: 'rules for VirtualNetwork do not count as open' },
  },
  readAdminRules: {
    why: 'to evaluate the security admin rules of Azure Virtual Network Manager, which come before the security groups',
    without: {
      degrades:
        'such a rule may block what the security groups allow, or let in whom they keep out, and nothing tells',
    },
  },
  listWatchers: {
    why: "to find the network watcher of the VM's region, for Azure's own verdict (IP flow verify) where the rules alone do not decide",
    without: { degrades: 'what they leave open counts neither as open nor as closed' },
  },
  verifyFlow: {
    why: "to ask a network watcher for Azure's own verdict (IP flow verify) where the rules alone do not decide",
    without: { degrades: 'what they leave open counts neither as open nor as closed' },
  },
  readVerdict: {
    why: "to read Azure's own verdict (IP flow verify), which comes some seconds after it was asked for",
    without: { degrades: 'what the rules leave open counts neither as open nor as closed' },
  },
  deleteRule: {
    why: 'to delete the allow rule of the own request when it outlives the request',
    without: { degrades: 'such a rule stays, with a warning after the job' },
  },
  writePolicy: { why: 'to write the policy', without: 'fails' },
  deletePolicy: { why: 'to delete the policy', without: 'fails' },
  writePolicyForVm: {
    why: 'which Azure asks for of whoever writes a policy with this VM',
    without: 'fails',
  },
};

/** One action, why it is needed, and what is known of it. */
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
      return `${what}: it was used just now.`;
    case 'granted':
      return `${what}: a role gives it.`;
    case 'unknown':
      return `${what}: whether a role gives it could not be learned. ${trouble?.seen ?? ''}`.trimEnd();
    case 'missing': {
      const then = typeof without === 'string' ? '' : ` Without it, ${without.degrades}.`;
      const isConditional = shown instanceof ForbiddenError && shown.detail.condition === true;
      const or = isConditional ? ', or a condition on its role assignment (ABAC) is not met' : '';
      return `${what}: it is missing${or}.${without === 'fails' ? ' The step would fail.' : then}`;
    }
  }
};

export const denyAssignments =
  "Deny assignments are not in Azure's list of the own rights: that a role gives a right is no proof that Azure will allow it.";
