import { logEach, warnEach, warnFirst } from '../../../../shared/core/crowd';
import type { Log } from '../../../../shared/core/log';
import type { Check, CheckList } from '../../../../shared/core/checks';
import * as say from '../messages/connecting';
import type { VmPlace } from '../plan/place';
import { powerOf, type Power } from '../plan/power';
import type { PrivateHost } from '../plan/privateHost';
import type { DoubtfulHost } from './privateHosts';

/**
 * Logs which VMs are not running, as a warning if nothing will answer without further action. Makes no statement about
 * other states.
 */
export function logPower(log: Log, places: readonly VmPlace[]): void {
  const are = (power: Power) => places.filter(({ powerState }) => powerOf(powerState) === power);
  warnEach(log, are('down'), ({ vm, powerState }) => say.down(vm, powerState ?? ''), say.moreDown);
  const starting = are('starting');
  logEach(log, say.startingMany(starting.length), starting, ({ vm }) => say.starting(vm));
}

/** Logs which hosts the sources might not be able to reach. */
export function logPrivateHosts(log: Log, hosts: readonly DoubtfulHost[]): void {
  warnFirst(log, textsOf(hosts), say.morePrivateHosts);
}

/**
 * Returns one sentence for all VMs without a public address, which comes first, and one for each of the others. If a public address cannot
 * be read, a right is missing. That is reported for every place, together with its effect on the host.
 */
function textsOf(hosts: readonly DoubtfulHost[]): readonly string[] {
  const [bare, others]: [DoubtfulHost[], DoubtfulHost[]] = [[], []];
  for (const one of hosts) {
    if (one.host.kind === 'unread') continue;
    (isBare(one.host) ? bare : others).push(one);
  }
  const [first, ...more] = bare;
  const named = bare.map(({ vm, host }) => ({ name: vm.name, host: host.host }));
  return [
    ...(more.length > 0 ? [say.privateHosts(named)] : first ? [say.privateHost(first.vm, first.host)] : []),
    ...others.map(({ vm, host }) => say.privateHost(vm, host)),
  ];
}

const isBare = (host: PrivateHost): boolean =>
  host.kind === 'elsewhere' && host.found.length === 0 && host.unread.length === 0;

/** Returns both as lines of a check list. */
export const connectingChecks = (places: Iterable<VmPlace>, hosts: readonly DoubtfulHost[]): CheckList => [
  ...[...places].flatMap(({ vm, powerState }): CheckList => {
    const power = powerOf(powerState);
    if (power === 'down') return [loudly(say.down(vm, powerState ?? ''))];
    return power === 'starting' ? [{ topic: 'VM', mark: 'warning', text: say.starting(vm) }] : [];
  }),
  ...textsOf(hosts).map(loudly),
];

const loudly = (text: string): Check => ({ topic: 'VM', mark: 'warning', text, loud: true });
