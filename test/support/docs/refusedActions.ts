import type { Arm } from '../../../tasks/shared/azure/arm';
import { createInventory } from '../../../tasks/shared/azure/inventory';
import { parseVmId } from '../../../tasks/shared/domain/resourceIds';
import type { Inventory, Pages } from '../../../tasks/shared/inventory';
import { ForbiddenError } from '../../../tasks/shared/messages/refusals';
import type { Limit } from '../../../tasks/shared/world';
import { anAnswer, anAzureError } from '../../unit/azure/answers';

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers`;
const limit: Limit = { signal: new AbortController().signal, remainingMs: () => 60_000 };

/** Azure Resource Manager for somebody who has no right at all. */
const refusing = (): Arm => {
  const send = () => Promise.resolve(anAnswer(403, anAzureError('AuthorizationFailed')));
  return {
    ...{ url: 'https://management.azure.com', send, sendOnce: send },
    connect: () => {
      throw new Error('The inventory reads JSON, and uses no client.');
    },
    ...{ azureNow: () => 0, wasSent: () => true, announce: () => undefined },
  };
};

const first = (pages: Pages<unknown>): Promise<unknown> => pages[Symbol.asyncIterator]().next();

function aVm() {
  const vm = parseVmId(`${GROUP}/Microsoft.Compute/virtualMachines/web-01`);
  if (!vm) throw new Error('The id of the VM is wrong.');
  return vm;
}

/** Every way in which the inventory reads; a new one does not compile, and is missed at run time, until it is here. */
const READS: Readonly<Record<Exclude<keyof Inventory, 'azureNow'>, (from: Inventory) => Promise<unknown>>> = {
  vms: (from) => first(from.vms(SUBSCRIPTION, undefined, limit)),
  vm: (from) => from.vm(aVm(), limit),
  nics: (from) => first(from.nics(SUBSCRIPTION, limit)),
  nic: (from) => from.nic(`${GROUP}/Microsoft.Network/networkInterfaces/nic`, limit),
  securityGroups: (from) => first(from.securityGroups(SUBSCRIPTION, limit)),
  securityGroup: (from) => from.securityGroup(`${GROUP}/Microsoft.Network/networkSecurityGroups/nsg`, limit),
  vnets: (from) => first(from.vnets(SUBSCRIPTION, limit)),
  vnet: (from) => from.vnet(`${GROUP}/Microsoft.Network/virtualNetworks/vnet`, limit),
  publicAddress: (from) => from.publicAddress(`${GROUP}/Microsoft.Network/publicIPAddresses/ip`, limit),
  firewalls: (from) => first(from.firewalls(SUBSCRIPTION, limit)),
  policies: (from) => first(from.policies(SUBSCRIPTION, 'rg-app', limit)),
  assessments: (from) => first(from.assessments(SUBSCRIPTION, limit)),
  calls: (from) => first(from.calls(SUBSCRIPTION, 0, 1, limit)),
};

/**
 * The actions that the inventory names when Azure refuses each of its reads: it makes them out of the types that it
 * reads, so that they do not stand in its text.
 *
 * @throws Error when the inventory reads in a way that is not listed here, or a read survives the refusal.
 */
export async function refusedActions(): Promise<readonly string[]> {
  const inventory = createInventory(refusing());
  const unlisted = Object.keys(inventory).filter((name) => name !== 'azureNow' && !(name in READS));
  if (unlisted.length > 0)
    throw new Error(`test/support/docs/refusedActions.ts lacks ${unlisted.join(', ')}.`);
  return Promise.all(
    Object.entries(READS).map(async ([name, read]) => {
      const failure: unknown = await read(inventory).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure instanceof ForbiddenError) return failure.action;
      throw new Error(`${name} did not name a missing right.`, { cause: failure });
    }),
  );
}
