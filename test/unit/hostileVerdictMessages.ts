import * as verdicts from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/verdicts';
import type { AddressVerdict } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/flowVerdict';
import { notReached } from '../../tasks/shared/messages/failures';
import type { Makers } from './hostileMakers';
import type { Things } from './hostileThings';

/** Results of every kind. */
const verdictsOf = ({ prefixes, text }: Things): readonly AddressVerdict[] =>
  (['Allow', 'Deny'] as const).flatMap((access) =>
    prefixes().flatMap((address): AddressVerdict[] => [
      { address, access, byRules: 'open', ruleName: text() },
      { address, access, byRules: 'unknown' },
      { address, access, byRules: 'unknown', ruleName: text(), protocol: 'UDP' },
    ]),
  );

/** Creates each message about a result of IP flow verify. */
export const VERDICT_MAKERS = {
  verdictText: (things) => [verdicts.verdictText(verdictsOf(things))],
  verdictGiven: (things) => [verdicts.verdictGiven(things.access, verdictsOf(things))],
  tooManyAddresses: ({ access }) => [verdicts.tooManyAddresses(access)],
  noVerdict: ({ vm, text, forbidden }) => [
    verdicts.noVerdict(vm, { kind: 'none', region: text() }),
    verdicts.noVerdict(vm, { kind: 'several', region: text() }),
    verdicts.noVerdict(vm, { kind: 'failure', error: forbidden }),
    verdicts.noVerdict(vm, { kind: 'failure', error: notReached(text(), text()) }),
  ],
} satisfies Makers<typeof verdicts>;
