import * as protection from '../../tasks/shared/messages/protection';
import type { Makers } from './hostileMakers';

/** How each message about what filters the traffic to a VM is made. */
export const PROTECTION_MAKERS = {
  unprotected: ({ vm, texts }) =>
    (['noFilter', 'firewallPolicy'] as const).flatMap((reason) =>
      [true, false].map((all) => protection.unprotected(vm, { reason, addresses: texts(), all })),
    ),
  filtersNotRead: ({ vm, forbidden }) => [
    protection.filtersNotRead([vm], forbidden),
    protection.filtersNotRead(Array(6).fill(vm) as (typeof vm)[], forbidden),
  ],
  denyRulesGo: ({ vm, rules }) => [
    protection.denyRulesGo(vm, [{ port: 22, sources: [], sure: false, internet: false, rules }]),
  ],
  opened: ({ vm, rules, texts }) =>
    [true, false].map((sure) =>
      protection.opened(vm, {
        port: 22,
        sources: [...texts(), ...texts(), ...texts()],
        sure,
        internet: sure,
        rules,
      }),
    ),
} satisfies Makers<typeof protection>;
