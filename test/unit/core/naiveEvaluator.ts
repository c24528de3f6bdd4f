import type { Prefix } from '../../../tasks/shared/core/prefixes';
import type { SecurityGroup, SecurityRule, VmNetwork } from '../../../tasks/shared/core/network';

/**
 * A second evaluator, slow and simple, that shares no code with the product. It evaluates one address at a time, and
 * the first rule that applies decides.
 */
export type Answer = 'yes' | 'maybe' | 'no';

const toNumber = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toBits = (address: number) => address.toString(2).padStart(32, '0');
const isAddressOrCidr = (text: string) => /^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(text);

export function contains(cidr: string, address: number): boolean {
  const [base = '', length = '32'] = cidr.split('/');
  return toBits(toNumber(base)).slice(0, Number(length)) === toBits(address).slice(0, Number(length));
}

/** The Azure host, which is not a host on the internet. */
const HOST = toNumber('168.63.129.16');

const isPrivate = (address: number) =>
  ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].some((cidr) => contains(cidr, address));

export function isPublic(address: number): boolean {
  const [a = 0, b = 0, c = 0] = [24, 16, 8].map((shift) => Math.floor(address / 2 ** shift) % 256);
  if (isPrivate(address) || address === HOST || a === 0 || a === 127 || a >= 224) return false;
  if (a === 100 && b >= 64 && b < 128) return false;
  if ((a === 169 && b === 254) || (a === 198 && (b === 18 || b === 19))) return false;
  if (a === 192 && b === 0 && (c === 0 || c === 2)) return false;
  return ![
    [192, 88, 99],
    [198, 51, 100],
    [203, 0, 113],
  ].some(([x, y, z]) => a === x && b === y && c === z);
}

function either(answers: readonly Answer[]): Answer {
  for (const answer of ['yes', 'maybe'] as const) if (answers.includes(answer)) return answer;
  return 'no';
}

/** Whether an address belongs to the tag `VirtualNetwork`. */
function inVnet({ vnet }: VmNetwork, address: number): Answer {
  const isIn = (cidrs: readonly Prefix[] = []) => cidrs.some(({ text }) => contains(text, address));
  if (isIn(vnet?.certain)) return 'yes';
  return !vnet || address === HOST || isIn(vnet.possible) ? 'maybe' : 'no';
}

function fromPrefix(prefix: string, address: number, network: VmNetwork, doubtFor: DoubtFor): Answer {
  if (isAddressOrCidr(prefix)) return contains(prefix, address) ? 'yes' : 'no';
  if (prefix.includes(':')) return 'no';
  switch (prefix.toUpperCase()) {
    case '*':
    case 'ANY':
      return 'yes';
    case 'INTERNET':
      if (inVnet(network, address) === 'yes' || isPrivate(address) || address === HOST) return 'no';
      // The VNet can have public addresses. For warnings about open ports, an unknown VNet has none.
      return isPublic(address) && (network.vnet || doubtFor === 'neither') ? 'yes' : 'maybe';
    case 'VIRTUALNETWORK':
      return inVnet(network, address);
    case 'AZURELOADBALANCER':
      return address === HOST ? 'yes' : 'no';
    default:
      return 'maybe';
  }
}

function fromSource(rule: SecurityRule, address: number, network: VmNetwork, doubtFor: DoubtFor): Answer {
  const isOutside = isPublic(address) && network.vnet !== undefined && inVnet(network, address) !== 'yes';
  return either([
    ...rule.sources.map(({ text }) => fromPrefix(text, address, network, doubtFor)),
    ...rule.sourceGroupIds.map((): Answer => (isOutside ? 'no' : 'maybe')),
  ]);
}

function toDestination(rule: SecurityRule, network: VmNetwork): Answer {
  const own = network.applicationGroupIds.map((id) => id.toLowerCase());
  const prefix = ({ text }: Prefix): Answer => {
    if (isAddressOrCidr(text)) return contains(text, toNumber(network.privateIpAddress.text)) ? 'yes' : 'no';
    if (/^(\*|any|virtualnetwork)$/i.test(text)) return 'yes';
    return /^(internet|azureloadbalancer)$|:/i.test(text) ? 'no' : 'maybe';
  };
  return either([
    ...rule.destinations.map(prefix),
    ...rule.destinationGroupIds.map((id): Answer => (own.includes(id.toLowerCase()) ? 'yes' : 'no')),
  ]);
}

function toPort(rule: SecurityRule, port: number): Answer {
  const hit = rule.destinationPorts.some((text) => {
    const [first = '', last = first] = text.split('-');
    return text === '*' || (Number(first) <= port && port <= Number(last));
  });
  return hit ? 'yes' : 'no';
}

export function applies(
  rule: SecurityRule,
  address: number,
  port: number,
  protocol: string,
  network: VmNetwork,
  doubtFor: DoubtFor,
): Answer {
  const somePort = doubtFor === 'neither' && rule.access === 'Allow' ? 'yes' : 'maybe';
  const answers: Answer[] = [
    rule.direction === 'Inbound' ? 'yes' : 'no',
    ['*', protocol.toUpperCase()].includes(rule.protocol.toUpperCase()) ? 'yes' : 'no',
    toPort(rule, port),
    rule.sourcePorts.some((text) => ['*', '0-65535', '1-65535'].includes(text)) ? 'yes' : somePort,
    toDestination(rule, network),
    fromSource(rule, address, network, doubtFor),
  ];
  if (answers.includes('no')) return 'no';
  return answers.includes('maybe') || rule.senseless !== undefined ? 'maybe' : 'yes';
}

/** Which rules count although they only might apply. */
export type DoubtFor = 'Allow' | 'Deny' | 'neither';

/** Whether one group allows one address. A rule that only might apply counts for the given side only. */
function groupAdmits(
  group: SecurityGroup,
  doubtFor: DoubtFor,
  asks: (rule: SecurityRule) => Answer,
): boolean {
  const rules = [...group.rules].sort((a, b) => a.priority - b.priority);
  const decides = rules.find((rule) => {
    const answer = asks(rule);
    return (
      answer === 'yes' ||
      (answer === 'maybe' && [doubtFor, 'unknown'].includes(rule.access) && doubtFor !== 'neither')
    );
  });
  return decides?.access === 'Allow' || (decides?.access === 'unknown' && doubtFor === 'Allow');
}

/**
 * Whether one address is allowed, with every doubt counted against it (`Deny`), in its favor (`Allow`), or not at all.
 */
export function admitsAddress(
  network: VmNetwork,
  address: number,
  port: number,
  protocol: string,
  doubtFor: DoubtFor = 'Deny',
): boolean {
  if (network.groups.length === 0) {
    const { publicSku } = network;
    if (publicSku === undefined || publicSku === 'Basic' || !isPublic(address)) return true;
    return publicSku === 'unknown' && doubtFor === 'Allow';
  }
  return network.groups.every(({ group }) =>
    groupAdmits(group, doubtFor, (rule) => applies(rule, address, port, protocol, network, doubtFor)),
  );
}
