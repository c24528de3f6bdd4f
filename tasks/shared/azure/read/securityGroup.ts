import type { NetworkSecurityGroup, SecurityRule as SecurityRuleModel } from '@azure/arm-network';
import type { SecurityGroup, SecurityRule } from '../../core/network';
import { parsePrefixes } from '../../core/prefixes';
import { nameIn } from '../../core/resourceIds';
import type { Kind } from '../reader';
import { flat } from './json';
import { ANYTHING, isPortText, oneOf, readLeniently } from './lenient';
import { shapeOf, type Shape } from './shape';

const GROUP = 'A network security group';

/**
 * Reads a security group. A rule that cannot be interpreted might or might not apply, and does not affect the others.
 * Throws JIT604 if the group is invalid. The ID is the requested one, by which rules are deleted, not the response's.
 */
export const SECURITY_GROUP: Kind<SecurityGroup> = {
  ...{
    ...{ type: 'Microsoft.Network/networkSecurityGroups', noun: 'network security group' },
    service: 'network',
  },
  read(body, requested) {
    const shape = shapeOf<NetworkSecurityGroup>(flat(body, GROUP), GROUP);
    const id = requested ?? shape.text('id');
    return {
      id,
      name: shape.optionalText('name') ?? nameIn(id),
      rules: [
        ...shape.items('securityRules').map((rule) => toSecurityRule(rule, false)),
        ...shape.items('defaultSecurityRules').map((rule) => toSecurityRule(rule, true)),
      ],
    };
  },
};

type SecurityRuleShape = Shape<SecurityRuleModel>;

const EVERY_ADDRESS = { prefixes: parsePrefixes(ANYTHING), groupIds: [] };

function toSecurityRule(item: unknown, isDefault: boolean): SecurityRule {
  const { read, wrong } = readLeniently();
  const shape: SecurityRuleShape = read('properties', () => shapeOf(item, GROUP), shapeOf({}, GROUP));
  const source = read('source', () => toSide(shape, 'source'), EVERY_ADDRESS);
  const destination = read('destination', () => toSide(shape, 'destination'), EVERY_ADDRESS);
  const rule = {
    name: read('name', () => shape.optionalText('name') ?? '', ''),
    priority: read('priority', () => shape.priority('priority'), 0),
    direction: read('direction', () => oneOf(shape.text('direction'), DIRECTIONS), 'Inbound' as const),
    access: read<SecurityRule['access']>('access', () => oneOf(shape.text('access'), ACCESSES), 'unknown'),
    protocol: read('protocol', () => shape.text('protocol'), '*'),
    sources: source.prefixes,
    sourceGroupIds: source.groupIds,
    sourcePorts: read('source ports', () => toPorts(shape, 'source'), ANYTHING),
    destinations: destination.prefixes,
    destinationGroupIds: destination.groupIds,
    destinationPorts: read('destination ports', () => toPorts(shape, 'destination'), ANYTHING),
    isDefault,
  };
  return wrong.length === 0 ? rule : { ...rule, senseless: wrong.join(', ') };
}

const toSide = (shape: SecurityRuleShape, side: 'source' | 'destination') => ({
  prefixes: parsePrefixes(merge(shape, `${side}AddressPrefix`, `${side}AddressPrefixes`)),
  groupIds: shape.list(`${side}ApplicationSecurityGroups`).map((group) => group.text('id')),
});

/** Returns the ports of one side, or `undefined` if one of them is neither a port nor a range of ports. */
function toPorts(shape: SecurityRuleShape, side: 'source' | 'destination'): readonly string[] | undefined {
  const ports = merge(shape, `${side}PortRange`, `${side}PortRanges`);
  return ports.every(isPortText) ? ports : undefined;
}

const DIRECTIONS = ['Inbound', 'Outbound'] as const;
const ACCESSES = ['Allow', 'Deny'] as const;

/** Returns the values of a field that has one value or a list of them. */
function merge(
  shape: SecurityRuleShape,
  one: Parameters<SecurityRuleShape['optionalText']>[0],
  many: Parameters<SecurityRuleShape['texts']>[0],
): readonly string[] {
  const single = shape.optionalText(one);
  return single ? [single, ...shape.texts(many)] : shape.texts(many);
}
