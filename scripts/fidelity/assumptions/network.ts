import { OPEN, REPORT, type Assumption } from '../assumption';

/** What is taken for true of rules and of the network around a VM. */
export const NETWORK: readonly Assumption[] = [
  {
    id: 'rule-times',
    says: 'The allow rule is there within seconds of the request, at most a minute, and gone as soon after its end.',
    marks: ['recorded', 'inferred'],
    source: 'one recorded pair: four seconds to `Initiated`',
    where: ['shared/core/poll.ts#PAUSES', `${OPEN}/close/closeRules.ts#FOLLOW_MS`],
    ifFalse:
      'The step waits for `waitTimeout`, then ends with JIT701. Closing deletes the rule after eight seconds.',
  },
  {
    id: 'rule-places',
    says: 'Rules go to the group of the NIC, of the subnet, or to both.',
    marks: ['doc'],
    where: [`${OPEN}/open/vmNetwork.ts#createRuleReader`, 'shared/core/nsg/evaluate.ts#evaluate'],
    ifFalse: 'Nothing: both groups are evaluated with all their rules.',
    switches: ['ruleTargets'],
  },
  {
    id: 'rule-names',
    says: 'Rules of just-in-time access are named `MicrosoftDefenderForCloud-JITRule…` or `SecurityCenter-JITRule…`.',
    marks: ['recorded', 'reported'],
    where: ['shared/core/nsg/rules.ts#isJitRuleName', 'shared/core/nsg/grants.ts#isGrantRule'],
    ifFalse:
      'The name never decides whether a port is open. An own rule of another name is not deleted when a port is closed, and is named in the warning.',
  },
  {
    id: 'deleted-rule',
    says: 'An allow rule that somebody deletes does not come back while its request is active.',
    marks: ['inferred'],
    where: [`${OPEN}/azure/deleteRule.ts#deleteRule`, `${OPEN}/close/closeRules.ts#closeByRules`],
    ifFalse:
      'A port that was closed by deleting its rule is open again until the end of its request. The near end that was requested before bounds it.',
    switches: ['deletedRuleReturns'],
  },
  {
    id: 'redeployed-groups',
    says: 'A redeployment of the group takes the rule of an active request away, and the request stays `Initiated`.',
    marks: ['reported'],
    where: [`${OPEN}/open/checkAccess.ts#createCheck`],
    ifFalse: 'Nothing: with `waitFor: rule` the rules decide, and not the request.',
    notTried: 'It is a matter of other tools.',
  },
  {
    id: 'rule-fields',
    says: 'A rule has one prefix or port, or a list of them, under two names each.',
    marks: ['spec', 'recorded'],
    where: [
      'shared/azure/read/securityGroup.ts#SECURITY_GROUP',
      'shared/azure/read/lenient.ts#readLeniently',
      'shared/azure/read/shape.ts#shapeOf',
    ],
    ifFalse:
      'A rule that makes no sense may or may not apply: the port is neither open nor closed because of it.',
  },
  {
    id: 'rule-order',
    says: 'Rules are tried by priority, the group of the subnet and that of the NIC both, and the first that fits decides.',
    marks: ['doc'],
    where: [
      'shared/core/nsg/evaluate.ts#evaluate',
      'shared/core/nsg/walk.ts#walkGroup',
      'shared/core/nsg/match.ts#matchRule',
      'shared/core/nsg/judge.ts#judge',
      'shared/core/nsg/family.ts#rangesIn',
    ],
    ifFalse: 'The step would call a port open that is closed, or the other way round.',
  },
  {
    id: 'flow-verify',
    says: 'IP flow verify knows what rules alone do not tell, and comes to the same verdict where they do.',
    marks: ['doc', 'inferred'],
    where: [
      'shared/core/nsg/verdict.ts#isAdminRule',
      'shared/core/nsg/judge.ts#judge',
      `${OPEN}/azure/flowGateway.ts#createFlowGateway`,
      `${OPEN}/plan/flowVerdict.ts#isAllowed`,
    ],
    ifFalse:
      'One of the two is behind the other: how long is what the experiment measures. Azure is believed where it denies, and asked only where the rules leave something open.',
  },
  {
    id: 'whole-lists',
    says: 'Lists of VMs, network interfaces and public addresses have what each thing has by itself, and `statusOnly` adds power states.',
    marks: ['spec', 'inferred'],
    where: ['shared/azure/crowd.ts#readCrowd'],
    ifFalse:
      'What a list lacks, or has without sense, is read by its id. Power states that no list tells are not known, and nothing is claimed of them.',
    notTried: 'It takes more than ten VMs.',
  },
  {
    id: 'virtual-network-tag',
    says: '`VirtualNetwork` is the VNet’s own prefixes and those of its peerings; gateways and route tables may add any other.',
    marks: ['doc', 'reported'],
    source: 'azure-docs#22178, azure-docs#124192',
    where: ['shared/core/nsg/tags.ts#toVnetMatch', 'shared/azure/read/vnet.ts#VNET_SPACE'],
    ifFalse:
      'Where a gateway, a route table or an unread VNet may add an address, it is neither open nor closed.',
    notTried: 'It takes a gateway, which costs more than a VM.',
  },
  {
    id: 'subnet-peerings',
    says: 'A peering of single subnets says so by `peerCompleteVnets`, also to a caller that asks for 2022-01-01, whose definitions lack it.',
    marks: ['inferred'],
    where: ['shared/azure/read/vnet.ts#toPeeringSpace'],
    ifFalse:
      'All addresses of the other VNet count as addresses of `VirtualNetwork`, those of subnets that are not peered as well: a source there would be called allowed that is not.',
    notTried: 'It takes a second VNet.',
  },
  {
    id: 'admin-rules',
    says: 'Security admin rules come before the groups: `Deny` ends it, `AlwaysAllow` passes by the groups, `Allow` hands on.',
    marks: ['doc', 'spec'],
    where: [
      'shared/core/nsg/adminWalk.ts#walkAdminRules',
      'shared/azure/read/adminRules.ts#listAdminRules',
      'shared/azure/readingOperations.ts#isReadingPost',
    ],
    ifFalse: 'The step would name a rule of a group where a rule of an administrator decides.',
  },
  {
    id: 'public-addresses',
    says: 'A Standard address without a group lets nothing in, a Basic one everything. A dynamic one has no value while its VM is stopped.',
    marks: ['doc', 'reported'],
    where: ['shared/azure/read/publicAddress.ts#PUBLIC_ADDRESS', 'shared/azure/read/nic.ts#PRIMARY_NIC'],
    ifFalse: 'The report would call a VM without a group open or closed that is not.',
    notTried: 'Basic addresses can no longer be made.',
  },
  {
    id: 'firewalls',
    says: 'Only classic rules of Azure Firewall are written. `publicIpAddress` and `mappedPort` lead to the VM.',
    marks: ['doc', 'spec'],
    where: ['shared/azure/read/firewall.ts#FIREWALL', `${OPEN}/open/firewallHosts.ts#checkFirewallHosts`],
    ifFalse: 'The output `host` would be of no use; the rules of the groups are evaluated all the same.',
  },
  {
    id: 'gone-twice',
    says: 'A VM is gone when its own address and the list of its group say so.',
    marks: ['inferred'],
    where: [`${OPEN}/azure/gone.ts#isVmGone`],
    ifFalse: 'A port of a VM that is still there would be called closed.',
    notTried: 'A VM would have to be deleted.',
  },
  {
    id: 'instance-view',
    says: 'A VM with `$expand=instanceView` needs no other right than the VM, and tells its power state.',
    marks: ['spec', 'inferred'],
    where: [
      'shared/azure/read/vm.ts#VM_AT_WORK',
      `${OPEN}/azure/readVm.ts#readVm`,
      `${REPORT}/azure/inventory.ts#createInventory`,
    ],
    ifFalse: 'The VM is read without it, and nothing is said of its power state.',
  },
];
