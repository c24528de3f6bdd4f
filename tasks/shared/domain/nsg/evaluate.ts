import { ALL_ADDRESSES, PUBLIC_ADDRESSES, formatRanges, parseCidr } from '../addresses';
import type { VmNetwork } from '../network';
import { intersect, subtract, union, type Ranges } from '../ranges';
import type { Blocker, Flow, RuleAt, Verdict } from './verdict';
import { walkGroup, type Reading, type Walk } from './walk';

function toRanges(source: string): Ranges | undefined {
  const cidr = parseCidr(source);
  return source === '*' ? ALL_ADDRESSES : cidr && [cidr];
}

/**
 * Without any security group a Standard public address lets nothing in and a Basic one everybody (Learn, "Public IP
 * addresses": secure or open by default), and private traffic is free.
 */
function walkWithoutGroups({ publicSku }: VmNetwork, sources: Ranges, reading: Reading): Walk {
  const isStopped = publicSku === 'Standard' || (publicSku === 'unknown' && reading !== 'generous');
  const stopped = isStopped ? intersect(sources, PUBLIC_ADDRESSES) : [];
  const blocker: Blocker = { reason: 'noSecurityGroup', sources: formatRanges(stopped) };
  return {
    admitted: subtract(sources, stopped),
    admittedBy: [],
    blockers: stopped.length > 0 ? [blocker] : [],
  };
}

/** The sources on their way through every group; each group sees all of them. */
function walkNetwork(network: VmNetwork, flow: Flow, reading: Reading): Walk {
  const strangers = flow.sources.filter((source) => !toRanges(source));
  const sources = union(...flow.sources.map((source) => toRanges(source) ?? []));
  const unusable: Blocker[] =
    strangers.length > 0 || flow.sources.length === 0 ? [{ reason: 'notIpv4', sources: strangers }] : [];
  const walks =
    network.groups.length === 0
      ? [walkWithoutGroups(network, sources, reading)]
      : network.groups.map((attached) => walkGroup(attached, network, flow, sources, reading));
  return {
    admitted: walks.reduce((open, walk) => intersect(open, walk.admitted), sources),
    admittedBy: walks.flatMap((walk) => walk.admittedBy),
    blockers: [...unusable, ...walks.flatMap((walk) => walk.blockers)],
  };
}

/**
 * Whether the VM's security groups let the whole of the sources in: on the subnet and on the network interface,
 * each evaluated on its own, custom and default rules alike in order of priority, never by a rule's name (Learn,
 * "How network security groups filter network traffic"). What cannot be resolved from here (tags such as
 * `AzureCloud`, members of application security groups) never counts as open.
 */
export const evaluate = (network: VmNetwork, flow: Flow): Verdict =>
  toVerdict(walkNetwork(network, flow, 'strict'));

/**
 * The same for whoever wants to warn of what is open: a deny rule that cannot be resolved keeps nobody out either. Else
 * one tag in front of a rule for everybody would hide it.
 */
export const evaluateSure = (network: VmNetwork, flow: Flow): Verdict =>
  toVerdict(walkNetwork(network, flow, 'sure'));

const toVerdict = ({ admitted, admittedBy, blockers }: Walk): Verdict =>
  blockers.length === 0
    ? { admits: true, admittedBy }
    : { admits: false, blockers, admittedBy, admittedSources: formatRanges(admitted) };

/**
 * The opposite question, for whoever wants to say that a way is closed: the part of the sources (CIDRs) that may
 * get in when everything that cannot be resolved is read in its favour, and the rules that may let it in. No
 * sources means closed for sure.
 */
export function mayAdmit(
  network: VmNetwork,
  flow: Flow,
): { readonly sources: readonly string[]; readonly rules: readonly RuleAt[] } {
  const { admitted, admittedBy } = walkNetwork(network, flow, 'generous');
  return { sources: formatRanges(admitted), rules: admitted.length > 0 ? admittedBy : [] };
}
