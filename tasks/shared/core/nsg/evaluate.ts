import type { VmNetwork } from '../network';
import type { Prefix } from '../prefixes';
import { intersect, subtract, union, type Countable, type Ranges } from '../ranges';
import { walkAdminRules } from './adminWalk';
import { inFamily, rangesIn, versionOf, type Family } from './family';
import { withoutPublicVnet } from './tags';
import type { Blocker, Flow, RuleAt, Verdict } from './verdict';
import { walkGroup, type Reading, type Walk } from './walk';

/**
 * Evaluates a network without any NSG: a Standard public address allows nothing, a Basic one allows everyone (Microsoft
 * Learn, "Public IP addresses": secure or open by default), and private traffic is allowed.
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
 * Returns the sources that bypass the NSGs and might still be blocked. It is not documented whether a Standard public
 * address without an NSG allows what a security admin rule always allows.
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

/**
 * Evaluates the security admin rules for the sources, and then every NSG. Each NSG evaluates all sources that are left
 * to the NSGs.
 */
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
 * Evaluates whether the VM's rules allow all of the sources: the security admin rules of its VNet, as far as they were
 * read, and then the NSGs on the subnet and on the network interface. Each NSG is evaluated on its own, custom and
 * default rules alike in order of priority, and never by the name of a rule (Microsoft Learn, "How network security
 * groups filter network traffic"). What cannot be resolved here, such as the tag `AzureCloud` or the members of
 * application security groups, never counts as open. The private address determines the IP version: rules for the other
 * version are ignored.
 */
export const evaluate = (network: VmNetwork, flow: Flow): Verdict => judge(network, flow, 'strict');

/**
 * Evaluates the same as `evaluate`, for warnings about what is open: a deny rule that cannot be resolved blocks no one.
 * Otherwise, one tag in front of a rule for everyone would hide that rule. For the same reason, a VNet that was not
 * read counts as one without public addresses.
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

/** Which sources might be allowed at most, and by which rules. */
export interface Possible {
  /** The part of the sources, as CIDRs. Empty means certainly closed. */
  readonly sources: readonly Prefix[];
  /** The rules that might allow this part. */
  readonly rules: readonly RuleAt[];
  /** The rules among them that might or might not apply to it. */
  readonly doubtful: readonly RuleAt[];
  /** What blocks the rest. */
  readonly blockers: readonly Blocker[];
}

/**
 * Evaluates the opposite, for statements that a port is closed: which sources might be allowed if everything that
 * cannot be resolved counts in their favor.
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
