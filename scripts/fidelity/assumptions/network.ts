import { OPEN, REPORT, type Assumption } from '../assumption';

/** The assumptions about rules and the network of a VM. */
export const NETWORK: readonly Assumption[] = [
  {
    id: 'rule-times',
    says: 'The allow rule exists within seconds of the request, a minute at most, and is removed as soon after the end of the request.',
    marks: ['recorded', 'inferred'],
    source: 'one recorded pair: four seconds to `Initiated`',
    where: ['shared/core/poll.ts#PAUSES', `${OPEN}/close/waitForRules.ts#FOLLOW_MS`],
    ifFalse:
      'The step waits until `waitTimeout`, then fails with JIT701. Closing deletes the rule after eight seconds.',
  },
  {
    id: 'rule-places',
    says: 'Azure writes the rules to the NSG of the NIC, the NSG of the subnet, or both.',
    marks: ['doc'],
    where: [`${OPEN}/open/vmNetwork.ts#createRuleReader`, 'shared/core/nsg/evaluate.ts#evaluate'],
    ifFalse: 'No effect: the task evaluates all rules of both NSGs.',
    switches: ['ruleTargets'],
  },
  {
    id: 'rule-names',
    says: 'The names of just-in-time rules begin with `MicrosoftDefenderForCloud-JITRule` or `SecurityCenter-JITRule`.',
    marks: ['recorded', 'reported'],
    where: ['shared/core/nsg/rules.ts#isJitRuleName', 'shared/core/nsg/grants.ts#isGrantRule'],
    ifFalse:
      'The name never decides whether a port is open. Closing a port does not delete a rule of the own request with another name; the warning names that rule.',
  },
  {
    id: 'deleted-rule',
    says: 'A deleted allow rule does not come back while its request is active.',
    marks: ['inferred'],
    where: [`${OPEN}/azure/deleteRule.ts#deleteRule`, `${OPEN}/close/waitForRules.ts#checkLater`],
    ifFalse:
      'Closing reads the rules once more, eight seconds after a deletion, and reports a rule that came back. If it comes back later, the port opens again until its request ends.',
    switches: ['deletedRuleReturns'],
  },
  {
    id: 'initiated-rules',
    says: 'When a request is `Initiated`, its allow rule has been written.',
    marks: ['inferred'],
    where: [`${OPEN}/plan/ownRule.ts#ownerOf`],
    ifFalse:
      'If someone made a rule that looks exactly like the rule of the request, and the own rule comes after closing has begun, closing can delete the other rule.',
    notTried: 'It needs a request that is closed in the moment in which it is carried out.',
  },
  {
    id: 'redeployed-groups',
    says: 'A redeployment of the NSG removes the rule of an active request, and the request stays `Initiated`.',
    marks: ['reported'],
    where: [`${OPEN}/open/checkAccess.ts#createCheck`],
    ifFalse: 'No effect: with `waitFor: rule`, the rules decide, not the request.',
    notTried: 'It depends on other tools.',
  },
  {
    id: 'rule-fields',
    says: 'A rule has a single prefix or port, or a list of them, in fields of different names.',
    marks: ['spec', 'recorded'],
    where: [
      'shared/azure/read/securityGroup.ts#SECURITY_GROUP',
      'shared/azure/read/lenient.ts#readLeniently',
      'shared/azure/read/shape.ts#shapeOf',
    ],
    ifFalse:
      'A rule that cannot be read might apply or not: it makes a port count as neither open nor closed.',
  },
  {
    id: 'rule-order',
    says: 'Rules apply in order of priority, in the NSG of the subnet and in the NSG of the NIC, and the first matching rule of each decides.',
    marks: ['doc'],
    where: [
      'shared/core/nsg/evaluate.ts#evaluate',
      'shared/core/nsg/walk.ts#walkGroup',
      'shared/core/nsg/match.ts#matchRule',
      'shared/core/nsg/judge.ts#judge',
      'shared/core/nsg/family.ts#rangesIn',
    ],
    ifFalse: 'The step would report a closed port as open, or an open port as closed.',
  },
  {
    id: 'flow-verify',
    says: 'IP flow verify decides where the rules alone do not, and returns the same result where they do.',
    marks: ['doc', 'inferred'],
    where: [
      'shared/core/nsg/verdict.ts#isAdminRule',
      'shared/core/nsg/judge.ts#judge',
      `${OPEN}/azure/flowGateway.ts#createFlowGateway`,
      `${OPEN}/plan/flowVerdict.ts#isAllowed`,
    ],
    ifFalse:
      'One of the two is delayed; the experiment measures by how long. The task uses the result of Azure where it denies, and requests it only where the rules do not decide.',
  },
  {
    id: 'whole-lists',
    says: 'Lists of VMs, network interfaces, and public addresses contain the same fields as single resources, and `statusOnly` adds power states.',
    marks: ['spec', 'inferred'],
    where: ['shared/azure/crowd.ts#readCrowd'],
    ifFalse:
      'The task reads a resource by its ID where a list lacks it or contains an unexpected value. Power states that no list contains stay unknown, and the task makes no statement about them.',
    notTried: 'It requires more than ten VMs.',
  },
  {
    id: 'virtual-network-tag',
    says: '`VirtualNetwork` covers the VNet’s own prefixes and those of its peerings; gateways and route tables might add any other.',
    marks: ['doc', 'reported'],
    source: 'azure-docs#22178, azure-docs#124192',
    where: ['shared/core/nsg/tags.ts#toVnetMatch', 'shared/azure/read/vnet.ts#VNET_SPACE'],
    ifFalse:
      'Where a gateway, a route table, or an unread VNet might add an address, that address counts as neither open nor closed.',
    notTried: 'It requires a gateway, which costs more than a VM.',
  },
  {
    id: 'subnet-peerings',
    says: 'A peering of single subnets has the field `peerCompleteVnets`, also in api-version 2022-01-01, whose definitions lack it.',
    marks: ['inferred'],
    where: ['shared/azure/read/vnet.ts#toPeeringSpace'],
    ifFalse:
      'All addresses of the other VNet count as addresses of `VirtualNetwork`, including those of subnets that are not peered: the task would report such a source as allowed although it is not.',
    notTried: 'It requires a second VNet.',
  },
  {
    id: 'admin-rules',
    says: 'Security admin rules apply before the NSGs: `Deny` blocks, `AlwaysAllow` bypasses the NSGs, and `Allow` leaves the decision to the NSGs.',
    marks: ['doc', 'spec'],
    where: [
      'shared/core/nsg/adminWalk.ts#walkAdminRules',
      'shared/azure/read/adminRules.ts#listAdminRules',
      'shared/azure/readingOperations.ts#isReadingPost',
    ],
    ifFalse: 'The step would name an NSG rule where a security admin rule decides.',
  },
  {
    id: 'public-addresses',
    says: 'Without an NSG, a Standard public address allows no inbound traffic, and a Basic one allows all. A dynamic address has no value while its VM is stopped.',
    marks: ['doc', 'reported'],
    where: ['shared/azure/read/publicAddress.ts#PUBLIC_ADDRESS', 'shared/azure/read/nic.ts#PRIMARY_NIC'],
    ifFalse: 'The report would show the wrong state, open or closed, for a VM without an NSG.',
    notTried: 'Basic addresses can no longer be created.',
  },
  {
    id: 'firewalls',
    says: 'Just-in-time access writes only classic rules of Azure Firewall. `publicIpAddress` and `mappedPort` connect to the VM.',
    marks: ['doc', 'spec'],
    where: ['shared/azure/read/firewall.ts#FIREWALL', `${OPEN}/open/firewallHosts.ts#checkFirewallHosts`],
    ifFalse: 'The output `host` would not work. The task still evaluates the rules of the NSGs.',
  },
  {
    id: 'gone-twice',
    says: 'A VM no longer exists when a call for it and the list of its resource group both show this.',
    marks: ['inferred'],
    where: [`${OPEN}/azure/gone.ts#isVmGone`],
    ifFalse: 'The task would report a port as closed although its VM still exists.',
    notTried: 'A VM would have to be deleted.',
  },
  {
    id: 'instance-view',
    says: 'Reading a VM with `$expand=instanceView` requires no additional permission, and returns its power state.',
    marks: ['spec', 'inferred'],
    where: [
      'shared/azure/read/vm.ts#VM_AT_WORK',
      `${OPEN}/azure/readVm.ts#readVm`,
      `${REPORT}/azure/inventory.ts#createInventory`,
    ],
    ifFalse: 'The task reads the VM without it, and makes no statement about its power state.',
  },
];
