import { idUpTo, nameAfter, parseResourceId } from '../../core/resourceIds';
import type {
  AddressPrefixItem,
  EffectiveDefaultSecurityAdminRule,
  EffectiveSecurityAdminRule,
  NetworkManagerEffectiveSecurityAdminRulesListResult,
} from '@azure/arm-network';
import { parsePrefixes, parsePrefix, type Prefix } from '../../core/prefixes';
import type { Limit } from '../../core/limits';
import type { AdminRule } from '../../core/network';
import { senselessAnswer } from '../../messages/failures';
import type { Call } from '../failures';
import { watchPages, type Pages } from '../paging';
import type { Reader } from '../reader';
import { LIST_ADMIN_RULES } from '../readingOperations';
import { flat } from './json';
import { ANYTHING, isPortText, oneOf, readLeniently } from './lenient';
import { shapeOf, type Shape } from './shape';

const RULE = 'A security admin rule';

const ACTION = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';

/** Both kinds have the same fields. A default rule is Azure's own, with a `flag` in place of the user's settings. */
type Rule = Shape<EffectiveSecurityAdminRule | EffectiveDefaultSecurityAdminRule>;

/**
 * Lists the security admin rules that Azure Virtual Network Manager applies to a VNet, page by page. The token of the
 * next page is sent in the body. A rule that cannot be interpreted might or might not apply. Throws a `CodedError`: a
 * `ForbiddenError` if the permission is missing, and JIT604 if the pages form a loop.
 * https://learn.microsoft.com/rest/api/networkmanager/list-network-manager-effective-security-admin-rules
 */
export async function* listAdminRules(reader: Reader, vnetId: string, limit: Limit): Pages<AdminRule> {
  const parsed = parseResourceId(vnetId);
  if (!parsed)
    throw senselessAnswer('Azure Resource Manager', `${vnetId} is not the ID of a virtual network`);
  const what = `The list of security admin rules of ${vnetId}`;
  const sought = { noun: 'virtual network', id: vnetId };
  const call: Call = { what, action: ACTION, scope: vnetId, sought };
  const watch = watchPages(what, limit);
  const url = reader.url(`${parsed.id}/${LIST_ADMIN_RULES}`, 'network');
  let skipToken: string | undefined;
  do {
    const body = skipToken === undefined ? {} : { skipToken };
    const answer = await reader.send({ method: 'POST', url, body }, call, limit);
    const page = shapeOf<NetworkManagerEffectiveSecurityAdminRulesListResult>(answer, what);
    const items = page.items('value');
    watch.items(items);
    yield items.map(toAdminRule);
    skipToken = page.optionalText('skipToken');
    if (skipToken) watch.next(skipToken);
  } while (skipToken);
}

/** Parses one rule of the list. Fields that cannot be interpreted are named in `senseless`. */
export function toAdminRule(item: unknown): AdminRule {
  const { read, wrong } = readLeniently();
  const shape: Rule = read('properties', () => shapeOf(flat(item, RULE), RULE), shapeOf({}, RULE));
  const id = read('id', () => shape.optionalText('id') ?? '', '');
  const source = read('source', () => toSide(shape, 'sources'), EVERY_ADDRESS);
  const destination = read('destination', () => toSide(shape, 'destinations'), EVERY_ADDRESS);
  const rule: AdminRule = {
    name: nameAfter(id, 'rules'),
    managerId: idUpTo(id, 'networkManagers'),
    configuration: nameAfter(id, 'securityAdminConfigurations'),
    collection: nameAfter(id, 'ruleCollections'),
    priority: read('priority', () => toPriority(shape.priority('priority')), 0),
    direction: read('direction', () => oneOf(shape.text('direction'), DIRECTIONS), 'Inbound' as const),
    access: read<AdminRule['access']>('access', () => oneOf(shape.text('access'), ACCESSES), 'unknown'),
    protocol: read('protocol', () => shape.text('protocol').replace(/^any$/i, '*'), '*'),
    sources: source.prefixes,
    sourceGroupIds: source.networkGroupIds,
    sourcePorts: read('source ports', () => toPorts(shape.texts('sourcePortRanges')), ANYTHING),
    // Azure does not return the members of a group, or whether this network is one of them.
    destinations: [...destination.prefixes, ...destination.networkGroupIds.map(() => parsePrefix(''))],
    destinationGroupIds: [],
    destinationPorts: read(
      'destination ports',
      () => toPorts(shape.texts('destinationPortRanges')),
      ANYTHING,
    ),
  };
  return wrong.length === 0 ? rule : { ...rule, senseless: wrong.join(', ') };
}

const DIRECTIONS = ['Inbound', 'Outbound'] as const;
const ACCESSES = ['Allow', 'AlwaysAllow', 'Deny'] as const;
const TYPES = ['IPPrefix', 'ServiceTag', 'NetworkGroup'] as const;

interface Side {
  readonly prefixes: readonly Prefix[];
  readonly networkGroupIds: readonly string[];
}

const EVERY_ADDRESS: Side = { prefixes: parsePrefixes(ANYTHING), networkGroupIds: [] };

/** Returns `undefined` if an address does not have the type that it states. */
function toSide(shape: Rule, side: 'sources' | 'destinations'): Side | undefined {
  const prefixes: Prefix[] = [];
  const networkGroupIds: string[] = [];
  for (const item of shape.list(side)) {
    const { type, text } = toAddress(item);
    if (type === 'NetworkGroup') networkGroupIds.push(text);
    else if (text === '*' || (type === 'IPPrefix' ? isAddress(text) : isTag(text)))
      prefixes.push(parsePrefix(text));
    else return undefined;
  }
  return { prefixes, networkGroupIds };
}

/** Reads the type of an address. If it is absent, the text determines it. */
function toAddress(item: Shape<AddressPrefixItem>): {
  readonly type: (typeof TYPES)[number] | undefined;
  readonly text: string;
} {
  const text = item.text('addressPrefix');
  const type = item.optionalText('addressPrefixType');
  if (type === undefined) return { type: isAddress(text) ? 'IPPrefix' : 'ServiceTag', text };
  return { type: oneOf(type, TYPES), text };
}

const isAddress = (text: string): boolean => {
  const { ipv4, ipv6 } = parsePrefix(text);
  return (ipv4 ?? ipv6) !== undefined;
};

/** An invalid IPv6 address must not count as a service tag: it would be treated as IPv6, which never matches IPv4. */
const isTag = (text: string): boolean => !isAddress(text) && !text.includes(':');

const toPorts = (ports: readonly string[]): readonly string[] | undefined =>
  ports.every(isPortText) ? ports : undefined;

/**
 * https://learn.microsoft.com/rest/api/networkmanager/admin-rules: from 1 to 4096; the portal's documentation has 0.
 */
const toPriority = (priority: number): number | undefined =>
  priority >= 0 && priority <= 4096 ? priority : undefined;
