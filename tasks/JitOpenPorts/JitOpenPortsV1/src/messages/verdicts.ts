import { groupBy } from '../../../../shared/core/groupBy';
import { RefusedError } from '../../../../shared/core/errors';
import { textsOf } from '../../../../shared/core/prefixes';
import type { VmId } from '../../../../shared/core/resourceIds';
import { listText, say } from '../../../../shared/core/text';
import { portText } from '../../../../shared/messages/ports';
import { MOST_ADDRESSES, type AddressVerdict, type NoVerdict } from '../plan/flowVerdict';

/** What is said of Azure's own verdict on traffic, where the rules alone do not decide. */

type Port = Parameters<typeof portText>[0];

const NAME = "Azure's own verdict, by IP flow verify of Network Watcher";

/** Azure's verdict on every address that it was asked about, as a sentence. */
export const verdictText = (verdicts: readonly AddressVerdict[]): string =>
  `${NAME}: ${listText([...groupBy(verdicts, keyOf).values()].map(alikeText), 'and')}.`;

const keyOf = ({ access, ruleName, byRules }: AddressVerdict): string =>
  JSON.stringify([access, ruleName, byRules]);

function alikeText(verdicts: readonly AddressVerdict[]): string {
  const [{ access, ruleName, byRules } = { access: 'Deny', ruleName: undefined, byRules: 'unknown' }] =
    verdicts;
  const addresses = listText(textsOf(verdicts.map(({ address }) => address)));
  const by = ruleName === undefined ? ', by no rule that it names' : say`, by the rule ${ruleName}`;
  const against =
    access === 'Deny' && byRules === 'open' ? ', although the rules that were read allow it' : '';
  return say`${addresses} is ${access === 'Allow' ? 'allowed' : 'denied'}` + by + against;
}

/** The same as a line of the log. */
export const verdictGiven = (port: Port, verdicts: readonly AddressVerdict[]): string =>
  `${portText(port)}: the rules alone do not decide. ${verdictText(verdicts)}`;

/** That more is in doubt than a verdict can be asked about. */
export const tooManyAddresses = (port: Port): string =>
  `${portText(port)}: the rules alone do not decide, and Azure is not asked for its own verdict, which is on single addresses: more than ${String(MOST_ADDRESSES)} of them are in doubt. What the rules leave open counts neither as open nor as closed.`;

/** Why there is no verdict. */
export function noVerdict({ name }: Pick<VmId, 'name'>, why: NoVerdict): string {
  const then = 'What the rules leave open counts neither as open nor as closed.';
  switch (why.kind) {
    case 'none':
      return (
        say`The rules alone do not decide for ${name}, and its subscription has no network watcher in ${why.region} that may be seen and would give Azure's own verdict. ` +
        then
      );
    case 'several':
      return (
        say`The rules alone do not decide for ${name}, and its subscription has more than one network watcher in ${why.region}, so that none is asked for Azure's own verdict. ` +
        then
      );
    case 'failure': {
      const { error } = why;
      const reason = error instanceof RefusedError ? error.why : error.seen.replace(/\.$/, '');
      return (
        say`The rules alone do not decide for ${name}, and Azure's own verdict, by IP flow verify of Network Watcher, could not be had: ` +
        `${reason}. ${then}`
      );
    }
  }
}
