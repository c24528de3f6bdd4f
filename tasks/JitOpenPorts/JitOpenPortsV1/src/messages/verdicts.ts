import { groupBy } from '../../../../shared/core/groupBy';
import { RefusedError } from '../../../../shared/core/errors';
import { textsOf } from '../../../../shared/core/prefixes';
import type { VmId } from '../../../../shared/core/resourceIds';
import { listText, say } from '../../../../shared/core/text';
import { portText } from '../../../../shared/messages/ports';
import { MOST_ADDRESSES, type AddressVerdict, type NoVerdict } from '../plan/flowVerdict';

/** Messages about IP flow verify results, which are used if the rules alone do not decide. */

type Port = Parameters<typeof portText>[0];

const NAME = 'IP flow verify of Network Watcher';

const UNDECIDED = 'What the rules do not decide counts neither as open nor as closed.';

/** Returns the result for every address that was verified, as a sentence. */
export const verdictText = (verdicts: readonly AddressVerdict[]): string =>
  `Result of ${NAME}: ${listText([...groupBy(verdicts, keyOf).values()].map(alikeText), 'and')}.`;

const keyOf = ({ access, ruleName, byRules, protocol }: AddressVerdict): string =>
  JSON.stringify([access, ruleName, byRules, protocol]);

const NO_VERDICT = { access: 'Deny', ruleName: undefined, byRules: 'unknown', protocol: undefined } as const;

function alikeText(verdicts: readonly AddressVerdict[]): string {
  const [{ access, ruleName, byRules, protocol } = NO_VERDICT] = verdicts;
  const addresses = listText(textsOf(verdicts.map(({ address }) => address)));
  const by = ruleName === undefined ? ' (no rule named)' : say` by the rule ${ruleName}`;
  const against =
    access === 'Deny' && byRules === 'open' ? ', although the rules that were read allow it' : '';
  return (
    say`${addresses} ${verdicts.length > 1 ? 'are' : 'is'} ${access === 'Allow' ? 'allowed' : 'denied'}` +
    (protocol ? ` over ${protocol}` : '') +
    by +
    against
  );
}

/** Returns the same as a line of the log. */
export const verdictGiven = (port: Port, verdicts: readonly AddressVerdict[]): string =>
  `${portText(port)}: the rules alone do not decide. ${verdictText(verdicts)}`;

/** Says that more addresses are in doubt than are verified. */
export const tooManyAddresses = (port: Port): string =>
  `${portText(port)}: the rules alone do not decide. ${NAME} is not used, because it checks single addresses and more than ${String(MOST_ADDRESSES)} are in doubt. ${UNDECIDED}`;

/** Returns why there is no result. */
export function noVerdict({ name }: Pick<VmId, 'name'>, why: NoVerdict): string {
  switch (why.kind) {
    case 'none':
      return (
        say`The rules alone do not decide for ${name}, and IP flow verify cannot be used, because the service connection sees no network watcher in ${why.region} in the VM's subscription. ` +
        UNDECIDED
      );
    case 'several':
      return (
        say`The rules alone do not decide for ${name}, and IP flow verify is not used, because there is more than one network watcher in ${why.region} in the VM's subscription. ` +
        UNDECIDED
      );
    case 'failure': {
      const { error } = why;
      const reason = error instanceof RefusedError ? error.why : error.seen.replace(/\.$/, '');
      return (
        say`The rules alone do not decide for ${name}, and ` +
        `${NAME} gave no result: ${reason}. ${UNDECIDED}`
      );
    }
  }
}
