import { listText, say } from '../../../../shared/core/text';
import { nameIn, type VmId } from '../../../../shared/core/resourceIds';
import { isDeallocated, powerOf } from '../plan/power';
import type { PrivateHost, PublicElsewhere } from '../plan/privateHost';

type Named = Pick<VmId, 'name'>;

/** What is said of the place to connect to: of its VM that does not run, and of an address that is private. */

const DOWN: Readonly<Record<string, string>> = {
  stopped: 'stopped',
  deallocated: 'stopped (deallocated)',
  stopping: 'being stopped',
  deallocating: 'being stopped (deallocating)',
};

const downText = (powerState: string): string => DOWN[powerState.toLowerCase()] ?? powerState;

export const down = ({ name }: Named, powerState: string): string =>
  say`${name} is ${downText(powerState)}, so that nothing answers there: start it, for example with az vm start, before later steps connect.`;

export const moreDown = (count: number): string => `${String(count)} more VMs do not run.`;

export const startingMany = (count: number): string => `Starting: ${String(count)} VMs`;

export const starting = ({ name }: Named): string => say`${name} is starting, and answers only when it runs.`;

const WAYS_OUT =
  'Ways out: an agent inside the virtual network or one that is connected with it, and its address in sourceIp; a public address on the primary IP configuration; Azure Firewall in front of the VM; or a load balancer, which probeHost names.';

/** That later steps get an address that the sources do not reach from where they are. */
export const privateHost = ({ name }: Named, host: PrivateHost): string =>
  say`${name}: host is ${host.host}, a private address, which a source on the internet does not reach.` +
  ` ${whyPrivate(host)} ${WAYS_OUT}`;

/** So many VMs are named in one sentence. */
const MOST_NAMES = 10;

/** The same of several VMs of which nothing is known that is worth a sentence of its own. */
export function privateHosts(vms: readonly (Named & { readonly host: string })[]): string {
  const more = vms.length - MOST_NAMES;
  const named = vms.slice(0, MOST_NAMES).map(({ name, host }) => say`${name} (${host})`);
  const list = listText(more > 0 ? [...named, `${String(more)} more`] : named);
  return `${list}: host is a private address, which a source on the internet does not reach. ${NO_ADDRESS.many} ${WAYS_OUT}`;
}

export const morePrivateHosts = (count: number): string =>
  `${String(count)} more VMs have a private address as host.`;

const NO_ADDRESS = { one: 'It has no public address.', many: 'These VMs have no public address.' };

/** Why the address is a private one, as far as it is known. */
function whyPrivate(host: PrivateHost): string {
  switch (host.kind) {
    case 'unread':
      return say`Its public address ${nameIn(host.publicIpId)} may not be read.`;
    case 'noValue':
      return isDeallocated(host.powerState)
        ? say`Its public address ${nameIn(host.publicIpId)} has no value, because the VM is stopped: a dynamic one gets a value when the VM starts.`
        : say`Its public address ${nameIn(host.publicIpId)} has no value now: a dynamic one has a value only while the VM runs.`;
    case 'elsewhere':
      return [...elsewhereTexts(host.found), ...unreadTexts(host.unread, host.found.length === 0)].join(' ');
  }
}

const elsewhereTexts = (found: readonly PublicElsewhere[]): readonly string[] =>
  found.length === 0
    ? []
    : [
        `It has a public address elsewhere: ${listText(found.map(elsewhereText))}. The rules are evaluated for host alone.`,
      ];

function elsewhereText({ nicId, onPrimaryNic, configuration, address }: PublicElsewhere): string {
  const nic = say`the network interface ${nameIn(nicId)}`;
  const where = configuration === undefined ? nic : say`the IP configuration ${configuration} of ${nic}`;
  const note = onPrimaryNic ? 'which is not the primary one there' : 'which is not the primary one';
  return say`${address ?? 'one whose value is not known'} on ${where}, ${note}`;
}

const unreadTexts = (unread: readonly string[], isNone: boolean): readonly string[] => {
  if (unread.length > 0)
    return [`Whether it has ${isNone ? 'a' : 'another'} public address is not known: ${listText(unread)}.`];
  return isNone ? [NO_ADDRESS.one] : [];
};

/** What is known of a place that gave no answer, as the first thing to do; empty where nothing is. */
export function noAnswerHint(
  { name }: Named,
  powerState: string | undefined,
  host: PrivateHost | undefined,
): string {
  const power = powerOf(powerState);
  const first =
    power === 'down'
      ? say`${name} was ${downText(powerState ?? '')} when this step began: start it. `
      : power === 'running' || powerState === undefined
        ? ''
        : say`Azure called the power state of ${name} "${powerState}" when this step began. `;
  return first + (host ? `${privateHost({ name }, host)} ` : '');
}
