import * as protection from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/protection';
import type { Makers } from './hostileMakers';

const PORT = { port: 22, protocol: 'TCP' } as const;
const HTTPS = { port: 443, protocol: '*' } as const;

/** Creates each message about what filters the traffic to a VM. */
export const PROTECTION_MAKERS = {
  unprotected: ({ vm, texts }) =>
    (['noFilter', 'firewallPolicy'] as const).flatMap((reason) =>
      [true, false].map((all) => protection.unprotected(vm, { reason, addresses: texts(), all })),
    ),
  moreUnprotected: () => [protection.moreUnprotected(2)],
  moreOpenings: () => [protection.moreOpenings(2)],
  filtersNotRead: ({ vm, forbidden }) => [
    protection.filtersNotRead([vm], forbidden),
    protection.filtersNotRead(Array(6).fill(vm) as (typeof vm)[], forbidden),
  ],
  adminRulesNotRead: ({ vm, forbidden }) => [
    protection.adminRulesNotRead([vm], forbidden),
    protection.adminRulesNotRead(Array(6).fill(vm) as (typeof vm)[], forbidden),
  ],
  alwaysAllowed: ({ vm, rules, prefixes }) =>
    (['all', 'some'] as const).map((internet) =>
      protection.alwaysAllowed(vm, { ports: [PORT], sources: prefixes(), sure: true, internet, rules }),
    ),
  denyRulesGo: ({ vm, rules, prefixes }) => [
    protection.denyRulesGo(vm, [{ ports: [PORT, HTTPS], sources: [], sure: false, internet: 'none', rules }]),
    protection.denyRulesGo(vm, [{ ports: [PORT], sources: prefixes(), sure: true, internet: 'all', rules }]),
  ],
  denyRulesGoMany: () => [protection.denyRulesGoMany(11)],
  denyRulesGoUnread: ({ vm }) => [protection.denyRulesGoUnread(vm, [PORT, HTTPS])],
  openOverIpv6: ({ vm, rules, prefixes }) =>
    (['all', 'some'] as const).map((internet) =>
      protection.openOverIpv6(vm, { ports: [PORT], sources: prefixes(), sure: true, internet, rules }),
    ),
  opened: ({ vm, rules, prefixes }) =>
    (['all', 'some', 'none'] as const).flatMap((internet) =>
      [true, false].map((sure) => {
        const sources = [...prefixes(), ...prefixes(), ...prefixes()];
        return protection.opened(vm, { ports: [PORT], sources, sure, internet, rules });
      }),
    ),
} satisfies Makers<typeof protection>;
