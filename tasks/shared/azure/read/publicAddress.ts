import type { PublicIPAddress } from '@azure/arm-network';
import { isIpv6, parseIpv4 } from '../../core/addresses';
import type { PublicSku } from '../../core/network';
import { senselessAnswer } from '../../messages/failures';
import type { PublicAddressResource } from '../../core/resources';
import type { Kind } from '../reader';
import { flat } from './json';
import { shapeOf } from './shape';

const WHAT = 'A public address';

/** Reads a public address and its SKU. Scripts use the address, so a value that is not an address is JIT604. */
export const PUBLIC_ADDRESS: Kind<PublicAddressResource> = {
  ...{ type: 'Microsoft.Network/publicIPAddresses', noun: 'public address', service: 'network' },
  read(body, requested) {
    const shape = shapeOf<PublicIPAddress>(flat(body, WHAT), WHAT);
    const id = requested ?? shape.text('id');
    const sku = toPublicSku(shape.optional('sku')?.optionalText('name'));
    const address = shape.optionalText('ipAddress');
    // Just-in-time access does not support IPv6, so this is not an address to connect to.
    if (address === undefined || isIpv6(address)) return { id, sku };
    if (parseIpv4(address) === undefined) throw senselessAnswer(WHAT, `${address} is not an address`);
    return { id, ipAddress: address, sku };
  },
};

/**
 * `StandardV2` is as closed as `Standard`.
 * https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses
 */
function toPublicSku(name: string | undefined): PublicSku {
  const text = name?.toLowerCase() ?? '';
  if (text.startsWith('standard')) return 'Standard';
  return text === 'basic' ? 'Basic' : 'unknown';
}
