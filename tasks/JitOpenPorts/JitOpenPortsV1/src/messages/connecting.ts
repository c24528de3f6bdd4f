import { listText, say } from '../../../../shared/core/text';
import { nameIn, type VmId } from '../../../../shared/core/resourceIds';
import { portText } from '../../../../shared/messages/ports';
import type { Access } from '../plan/access';
import type { TriedEndpoint } from '../plan/pending';
import { isDeallocated, powerOf } from '../plan/power';
import type { PrivateHost, PublicElsewhere } from '../plan/privateHost';

type Named = Pick<VmId, 'name'>;

/** Messages about the place to connect to: its VM is not running, or its address is private. */

const DOWN: Readonly<Record<string, string>> = {
  stopped: 'stopped',
  deallocated: 'stopped (deallocated)',
  stopping: 'being stopped',
  deallocating: 'being stopped (deallocating)',
};

const downText = (powerState: string): string => DOWN[powerState.toLowerCase()] ?? powerState;

export const down = ({ name }: Named, powerState: string): string =>
  say`${name} is ${downText(powerState)}, so nothing answers there. Start it before later steps connect, for example with az vm start.`;

export const moreDown = (count: number): string =>
  `${count === 1 ? 'One more VM is' : `${String(count)} more VMs are`} not running.`;

export const startingMany = (count: number): string => `Starting: ${String(count)} VMs`;

export const starting = ({ name }: Named): string =>
  say`${name} is starting, and does not answer before it runs.`;

const WAYS_OUT =
  'To connect, use one of these: an agent in the virtual network or in a network connected to it, with its address in sourceIp; a public address on the primary IP configuration; Azure Firewall in front of the VM; or a load balancer, named in probeHost.';

/** Says that later steps get an address that the sources cannot reach from where they are. */
export const privateHost = ({ name }: Named, host: PrivateHost): string =>
  say`${name}: host is ${host.host}, a private address that a source on the internet cannot reach.` +
  ` ${whyPrivate(host)} ${WAYS_OUT}`;

/** The maximum number of VMs that are named in one sentence. */
const MOST_NAMES = 10;

/** The same for several VMs without any public address, which need no sentence of their own. */
export function privateHosts(vms: readonly (Named & { readonly host: string })[]): string {
  const more = vms.length - MOST_NAMES;
  const named = vms.slice(0, MOST_NAMES).map(({ name, host }) => say`${name} (${host})`);
  const list = listText(more > 0 ? [...named, `${String(more)} more`] : named);
  return `${list}: host is a private address that a source on the internet cannot reach. ${NO_ADDRESS.many} ${WAYS_OUT}`;
}

export const morePrivateHosts = (count: number): string =>
  `For ${String(count)} more ${count === 1 ? 'VM' : 'VMs'}, host is a private address.`;

const NO_ADDRESS = { one: 'It has no public address.', many: 'These VMs have no public address.' };

/** Returns why the address is private, as far as is known. */
function whyPrivate(host: PrivateHost): string {
  switch (host.kind) {
    case 'unread':
      return say`The service connection is not allowed to read its public address ${nameIn(host.publicIpId)}.`;
    case 'noValue':
      return isDeallocated(host.powerState)
        ? say`Its public address ${nameIn(host.publicIpId)} has no value, because the VM is stopped. A dynamic address gets a value when the VM starts.`
        : say`Its public address ${nameIn(host.publicIpId)} has no value now. A dynamic address has a value only while the VM runs.`;
    case 'elsewhere':
      return [...elsewhereTexts(host.found), ...unreadTexts(host.unread, host.found.length === 0)].join(' ');
  }
}

const elsewhereTexts = (found: readonly PublicElsewhere[]): readonly string[] =>
  found.length === 0
    ? []
    : [
        `It has a public address elsewhere: ${listText(found.map(elsewhereText))}. The rules are evaluated only for host.`,
      ];

function elsewhereText({ nicId, onPrimaryNic, configuration, address }: PublicElsewhere): string {
  const nic = say`the network interface ${nameIn(nicId)}`;
  const where = configuration === undefined ? nic : say`the IP configuration ${configuration} of ${nic}`;
  const note = `which is not the primary ${onPrimaryNic ? 'IP configuration' : 'network interface'}`;
  return say`${address ?? 'one with an unknown value'} on ${where}, ${note}`;
}

const unreadTexts = (unread: readonly string[], isNone: boolean): readonly string[] => {
  if (unread.length > 0)
    return [`Whether it has ${isNone ? 'a' : 'another'} public address is not known: ${listText(unread)}.`];
  return isNone ? [NO_ADDRESS.one] : [];
};

/** Returns what is known about a place that did not answer, as the first thing to do. Empty if nothing is known. */
export function noAnswerHint(
  { name }: Named,
  powerState: string | undefined,
  host: PrivateHost | undefined,
): string {
  const power = powerOf(powerState);
  const first =
    power === 'down'
      ? say`${name} was ${downText(powerState ?? '')} when this step started. Start it. `
      : power === 'running' || powerState === undefined
        ? ''
        : say`Azure reported the power state of ${name} as "${powerState}" when this step started. `;
  return first + (host ? `${privateHost({ name }, host)} ` : '');
}

/** Says that no connection was made in a time such as "within 5 min". */
export function noConnection(tried: TriedEndpoint | undefined, inTime: string): string {
  if (!tried) return `No TCP connection could be tried ${inTime}, because no address of the VM is known`;
  const { host, port, isResolved } = tried;
  return isResolved
    ? say`No TCP connection to ${host}, port ${String(port)}, got an answer ${inTime}`
    : say`The host name ${host} could not be resolved ${inTime}`;
}

export const toConnect = (tried: TriedEndpoint | undefined): string =>
  tried?.isResolved === false
    ? 'Check the name, and the name servers of this agent. To try another address, set probeHost.'
    : 'Check that the VM runs, that its own firewall allows the port, and that this agent can reach it at the address that was tried. To try another address, set probeHost.';

/** Says that the port of the firewall in front of a VM is unknown. */
export const withoutMappedPort = (access: Access, firewall: string): string =>
  portText(access) +
  say`: the policy ${access.policy.name} names the firewall ${firewall} in front of the VM, but the request has no port of it. The outputs contain an address of the VM itself, which agents might not reach.`;

export const moreWithoutMappedPort = (count: number): string =>
  `The port of the firewall is not known for ${count === 1 ? 'one more port' : `${String(count)} more ports`}.`;
