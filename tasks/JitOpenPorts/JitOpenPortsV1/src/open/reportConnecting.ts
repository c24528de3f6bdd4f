import { CROWD, logEach, warnEach } from '../../../../shared/core/crowd';
import type { Log } from '../../../../shared/core/log';
import type { Check, CheckList } from '../../../../shared/core/checks';
import * as say from '../messages/connecting';
import type { VmPlace } from '../plan/place';
import { powerOf, type Power } from '../plan/power';
import type { PrivateHost } from '../plan/privateHost';
import type { DoubtfulHost } from './privateHosts';

/** Says which VMs do not run: as warnings where nothing will answer by itself. Of other states nothing is claimed. */
export function logPower(log: Log, places: readonly VmPlace[]): void {
  const are = (power: Power) => places.filter(({ powerState }) => powerOf(powerState) === power);
  warnEach(log, are('down'), ({ vm, powerState }) => say.down(vm, powerState ?? ''), say.moreDown);
  const starting = are('starting');
  logEach(log, say.startingMany(starting.length), starting, ({ vm }) => say.starting(vm));
}

/** Says which hosts the sources may not reach. */
export function logPrivateHosts(log: Log, hosts: readonly DoubtfulHost[]): void {
  const texts = textsOf(hosts);
  // Those without any public address are in one sentence, which comes first.
  for (const text of texts.slice(0, CROWD)) log.warning(text);
  if (texts.length > CROWD) log.warning(say.morePrivateHosts(texts.length - CROWD));
}

/**
 * One sentence for all VMs that have no public address, and one for each of the others. That a public address may not be
 * read is a missing right, which is said of every place, and with what it means for the host.
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

/** Both as lines of a check list. */
export const connectingChecks = (places: Iterable<VmPlace>, hosts: readonly DoubtfulHost[]): CheckList => [
  ...[...places].flatMap(({ vm, powerState }): CheckList => {
    const power = powerOf(powerState);
    if (power === 'down') return [loudly(say.down(vm, powerState ?? ''))];
    return power === 'starting' ? [{ topic: 'VM', mark: 'warning', text: say.starting(vm) }] : [];
  }),
  ...textsOf(hosts).map(loudly),
];

const loudly = (text: string): Check => ({ topic: 'VM', mark: 'warning', text, loud: true });
