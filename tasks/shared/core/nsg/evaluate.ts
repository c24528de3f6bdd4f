import type { VmNetwork } from '../network';
import type { Prefix } from '../prefixes';
import { intersect, subtract, union, type Countable, type Ranges } from '../ranges';
import { walkAdminRules } from './adminWalk';
import { inFamily, rangesIn, versionOf, type Family } from './family';
import { withoutPublicVnet } from './tags';
import type { Blocker, Flow, RuleAt, Verdict } from './verdict';
import { walkGroup, type Reading, type Walk } from './walk';

/**
 * Without any security group a Standard public address allows nothing and a Basic one everybody (Learn, "Public IP
 * addresses": secure or open by default), and private traffic is free.
 */
function walkWithoutGroups<N extends Countable>(
  family: Family<N>,
  network: VmNetwork,
  sources: Ranges<N>,
  reading: Reading,
): Walk<N> {
  const { publicSku } = network;
  const isStopped = publicSku === 'Standard' || (publicSku === 'unknown' && reading !== 'generous');
  const stopped = isStopped ? intersect(sources, family.publicOnes) : [];
  const blocker: Blocker = { reason: 'noSecurityGroup', sources: family.toPrefixes(stopped) };
  return {
    admitted: subtract(sources, stopped),
    ...{ admittedBy: [], doubtful: [] },
    blockers: stopped.length > 0 ? [blocker] : [],
  };
}

/**
 * What passes by the security groups and may be stopped all the same: whether a Standard public address that has none lets
 * in what a security admin rule always allows is nowhere promised.
 */
const stoppedWithoutGroups = <N extends Countable>(
  { publicOnes }: Family<N>,
  { groups, publicSku }: VmNetwork,
  passed: Ranges<N>,
  reading: Reading,
): Ranges<N> =>
  groups.length > 0 || publicSku === undefined || publicSku === 'Basic' || reading === 'generous'
    ? []
    : intersect(passed, publicOnes);

/** The sources on their way through the security admin rules, and then through every group; each group sees all of them. */
function walkNetwork<N extends Countable>(
  family: Family<N>,
  network: VmNetwork,
  flow: Flow,
  reading: Reading,
): Walk<N> {
  const strangers = flow.sources.filter((source) => !family.rangeOf(source));
  const sources = rangesIn(family, flow.sources);
  const unusable: Blocker[] =
    strangers.length > 0 || flow.sources.length === 0 ? [{ reason: 'notIpv4', sources: strangers }] : [];
  const admin = walkAdminRules(family, network, flow, sources, reading);
  const stopped = stoppedWithoutGroups(family, network, admin.passed, reading);
  const handedOn = union(admin.handedOn, stopped);
  const passed = subtract(admin.passed, stopped);
  const walks =
    network.groups.length === 0
      ? [walkWithoutGroups(family, network, handedOn, reading)]
      : network.groups.map((attached) => walkGroup(family, attached, network, flow, handedOn, reading));
  return {
    admitted: union(
      passed,
      walks.reduce((open, walk) => intersect(open, walk.admitted), handedOn),
    ),
    admittedBy: [...(passed.length > 0 ? admin.passedBy : []), ...walks.flatMap((walk) => walk.admittedBy)],
    doubtful: [...admin.doubtful, ...walks.flatMap((walk) => walk.doubtful)],
    blockers: [...unusable, ...admin.blockers, ...walks.flatMap((walk) => walk.blockers)],
  };
}

/**
 * Whether the VM's rules allow the whole of the sources: the security admin rules of its VNet, as far as they were read, and
 * then the security groups on the subnet and on the network interface, each evaluated on its own, custom and default rules alike in order of priority, never by a rule's name (Learn,
 * "How network security groups filter network traffic"). What cannot be resolved from here (tags such as
 * `AzureCloud`, members of application security groups) never counts as open. The private address tells the version of
 * IP: rules for the other one are passed over.
 */
export const evaluate = (network: VmNetwork, flow: Flow): Verdict => judge(network, flow, 'strict');

/**
 * The same for whoever wants to warn of what is open: a deny rule that cannot be resolved keeps nobody out either. Else
 * one tag in front of a rule for everybody would hide it. For the same reason a VNet that was not read is taken for one without
 * public addresses.
 */
export const evaluateSure = (network: VmNetwork, flow: Flow): Verdict =>
  judge(withoutPublicVnet(network), flow, 'sure');

const judge = (network: VmNetwork, flow: Flow, reading: Reading): Verdict =>
  inFamily(versionOf(network.privateIpAddress), (family) => {
    const { admitted, admittedBy, blockers } = walkNetwork(family, network, flow, reading);
    return blockers.length === 0
      ? { admits: true, admittedBy }
      : { admits: false, blockers, admittedBy, admittedSources: family.toPrefixes(admitted) };
  });

/** Who may get in at most, and by what. */
export interface Possible {
  /** The part of the sources (CIDRs). None means closed for sure. */
  readonly sources: readonly Prefix[];
  /** The rules that may allow it. */
  readonly rules: readonly RuleAt[];
  /** Those among them that may or may not apply to it. */
  readonly doubtful: readonly RuleAt[];
  /** What keeps the rest out. */
  readonly blockers: readonly Blocker[];
}

/**
 * The opposite question, for whoever wants to say that a way is closed: what may get in when everything that cannot be
 * resolved is read in its favour.
 */
export const mayAdmit = (network: VmNetwork, flow: Flow): Possible =>
  inFamily(versionOf(network.privateIpAddress), (family) => {
    const { admitted, admittedBy, doubtful, blockers } = walkNetwork(family, network, flow, 'generous');
    const isOpen = admitted.length > 0;
    return {
      sources: family.toPrefixes(admitted),
      rules: isOpen ? admittedBy : [],
      doubtful: isOpen ? doubtful : [],
      blockers,
    };
  });
