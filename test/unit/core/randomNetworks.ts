import fc from 'fast-check';
import { formatIpv4, parseCidr } from '../../../tasks/shared/core/addresses';
import { parsePrefix, parsePrefixes, type Prefix, textsOf } from '../../../tasks/shared/core/prefixes';
import { read } from '../../support/written';
import type { VmNetwork, VnetSpace } from '../../../tasks/shared/core/network';
import { contains } from './naiveEvaluator';
import { DEFAULT_RULES, aRule } from './networks';

/** Prefixes that contain, overlap, and exclude each other. */
export const CIDRS = [
  ...[
    '20.50.1.0/24',
    '20.50.1.7',
    '20.50.1.7/32',
    '20.50.1.8',
    '20.50.1.128/25',
    '20.50.0.0/23',
    '0.0.0.0/1',
  ],
  ...['10.0.0.4', '10.0.0.5', '10.0.0.0/16', '10.0.0.0/24', '10.0.0.4/30', '192.168.0.0/16', '172.16.5.0/24'],
  ...['203.0.113.0/24', '100.64.0.0/10', '168.63.129.16', '224.0.0.0/4', '0.0.0.0/0'],
];
const TAGS = ['*', 'Any', 'Internet', 'INTERNET', 'VirtualNetwork', 'virtualnetwork', 'AzureLoadBalancer'];
const STRANGERS = ['AzureCloud', 'Storage.WestEurope', '::/0', '2001:db8::/32'];
const GROUPS = ['/asg/web', '/ASG/WEB', '/asg/db'];
const PORTS = ['22', '22', '*', '20-30', '3389', '0-65535', '23-65535'];

const some = <T>(values: readonly T[], maxLength = 3) =>
  fc.array(fc.constantFrom(...values), { minLength: 1, maxLength });
const anyCidr = fc
  .tuple(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }))
  .map(([address, length]) => `${formatIpv4(address)}/${length}`);
const prefixes = fc.oneof(
  some([...CIDRS, ...TAGS]),
  some([...CIDRS, ...TAGS, ...STRANGERS]),
  some(['*'], 1),
  fc.tuple(anyCidr),
);
const side = fc.oneof(
  { weight: 4, arbitrary: prefixes.map((list) => ({ list, groups: [] as string[] })) },
  { weight: 1, arbitrary: some(GROUPS, 2).map((groups) => ({ list: [] as string[], groups })) },
);

const rule = fc
  .record({
    access: fc.constantFrom('Allow' as const, 'Deny' as const),
    senseless: fc.constantFrom(...Array.from({ length: 7 }, () => undefined), 'priority', 'access'),
    direction: fc.constantFrom(
      'Inbound' as const,
      'Inbound' as const,
      'Inbound' as const,
      'Outbound' as const,
    ),
    protocol: fc.constantFrom('*', 'Tcp', 'TCP', 'tcp', 'Udp', 'Icmp'),
    source: side,
    destination: side,
    sourcePorts: fc.constantFrom(['*'], ['*'], ['0-65535'], ['1-65535'], ['53'], ['1024-65535']),
    destinationPorts: some(PORTS),
  })
  .map(
    ({ source, destination, senseless, access, ...rest }) =>
      (priority: number) =>
        aRule({
          ...rest,
          ...(senseless !== undefined && { senseless }),
          access: senseless === 'access' ? 'unknown' : access,
          priority: senseless === 'priority' ? 0 : priority,
          sources: source.list,
          sourceGroupIds: source.groups,
          destinations: destination.list,
          destinationGroupIds: destination.groups,
        }),
  );

/** Custom rules with unique priorities, usually with the default rules, in any order. */
const rules = fc
  .tuple(
    fc.array(rule, { maxLength: 6 }),
    fc.uniqueArray(fc.integer({ min: 100, max: 4096 }), { minLength: 6, maxLength: 6 }),
    fc.nat(4),
  )
  .map(([makers, priorities, chance]) => [
    ...makers.map((make, at) => make(priorities[at]!)),
    ...(chance === 0 ? [] : DEFAULT_RULES),
  ]);
const attached = (attachedTo: 'nic' | 'subnet') =>
  rules.map((list) => ({ attachedTo, group: { id: `/nsg/${attachedTo}`, name: attachedTo, rules: list } }));

/** A VM with no, one, or two security groups. */
export const network: fc.Arbitrary<VmNetwork> = fc
  .record({
    groups: fc.oneof(
      fc.tuple(attached('nic')),
      fc.tuple(attached('subnet')),
      fc.tuple(attached('subnet'), attached('nic')),
      fc.constant([]),
    ),
    applicationGroupIds: fc.constantFrom([], ['/asg/web'], ['/asg/WEB', '/asg/other']),
    certain: fc.constantFrom(
      undefined,
      ['10.0.0.0/16'],
      ['10.0.0.0/16', '20.50.1.0/25'],
      ['10.0.0.0/8', '100.64.0.0/16'],
    ),
    possible: fc.constantFrom([], [], ['0.0.0.0/0'], ['192.168.0.0/16', '20.50.1.0/24']),
    publicSku: fc.constantFrom(undefined, 'Standard' as const, 'Basic' as const, 'unknown' as const),
  })
  .map(({ certain, possible, publicSku, ...rest }) => ({
    privateIpAddress: parsePrefix('10.0.0.4'),
    ...rest,
    ...(certain && { vnet: read<VnetSpace>({ certain, possible }) }),
    ...(publicSku && { publicSku }),
  }));
/** The traffic to evaluate. */
export const flow = fc.record({
  sources: fc
    .oneof(some(CIDRS), some(CIDRS.slice(0, 5), 1), fc.tuple(anyCidr), fc.constant(['*']))
    .map(parsePrefixes),
  port: fc.constantFrom(22, 22, 3389, 65535),
  protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
});

const SPECIAL = [
  ...[
    '0.0.0.0/8',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '10.0.0.0/8',
  ],
  ...['192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '168.63.129.16'],
];

/** Nothing can change between two adjacent points, so these points represent every address of the sources. */
export function toPoints({ groups, vnet, adminRules = [] }: VmNetwork, sources: readonly Prefix[]): number[] {
  const written = [...groups.flatMap(({ group }) => group.rules), ...adminRules].flatMap(
    (each) => each.sources,
  );
  const cidrs = [
    ...textsOf([...written, ...(vnet?.certain ?? []), ...(vnet?.possible ?? []), ...sources]),
    ...CIDRS,
    ...SPECIAL,
  ].map(parseCidr);
  const edges = cidrs.flatMap((cidr) => (cidr ? [cidr.first - 1, cidr.first, cidr.last, cidr.last + 1] : []));
  const inside = (point: number) => sources.some(({ text }) => text === '*' || contains(text, point));
  return [...new Set(edges)].filter((point) => point >= 0 && point <= 0xffffffff && inside(point));
}
