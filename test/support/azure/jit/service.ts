import { formatServiceTime } from '../clock';
import { refuse } from '../http/answers';
import type { Place, Topology } from '../network/topology';
import type { Settings } from '../settings';
import { open, type AccessBody } from './access';
import {
  entryToJson,
  isActive,
  oldEntries,
  pastEntry,
  policyId,
  type Entry,
  type Policy,
  type PolicyVm,
  type Spelling,
} from './policies';
import type { OtherRequest, PastRequest } from './requests';
import { targetsOf, writeDenyRule } from './rules';

/** A policy as a test describes it. */
export interface NewPolicy {
  readonly name?: string;
  /** Default: those of the first VM. */
  readonly resourceGroup?: string;
  readonly location?: string;
  readonly vms: readonly PolicyVm[];
  /** Default `true`: with old entries, as real policies have them. */
  readonly oldRequests?: boolean;
  /** Whether another writer's last write of it failed. */
  readonly failed?: boolean;
  readonly appendMode?: boolean;
  /**
   * The first priority of the deny rules, downwards. It is 1000 if the service had to override an allow rule. Default
   * 4096.
   */
  readonly denyPriority?: number;
}

/** A request that was not made by a call, for the Activity Log. */
export interface MadeRequest {
  readonly policy: Policy;
  readonly entry: Entry;
  readonly atMs: number;
}

/** A policy as tests use it. */
export interface PolicyHandle {
  readonly id: string;
  readonly name: string;
  /** Returns the entries as the service would return them now. */
  requests(): readonly object[];
  /** Returns the requests that are active now, with their VM, port, sources, and end. */
  liveGrants(): readonly { vmId: string; port: number; sources: readonly string[]; endsAt: number }[];
  /** Opens a port as another run or a person does. The policy is not checked. */
  requestByOther(request: OtherRequest): void;
  /** Adds a request of earlier days to the policy and to the Activity Log. The policy is not checked. */
  addPastRequest(request: PastRequest): void;
}

/** The just-in-time service without its URL paths. */
export interface JitService {
  readonly policies: readonly Policy[];
  add(wanted: NewPolicy): PolicyHandle;
  /**
   * Writes a policy and its deny rules. The VMs replace the existing ones, or are added to them.
   *
   * @throws Refusal for VMs that are gone, and 409 while the policy is being written, if the settings say so
   */
  put(name: string, place: Place, vms: readonly PolicyVm[], appendMode: boolean): Policy;
  /** @throws Refusal 409 while the policy is being written, if the settings say so. */
  requireIdle(policy: Policy): void;
  remove(policy: Policy): void;
  find(place: Place, name: string): Policy | undefined;
  /** Carries out a request that was already checked. */
  open(policy: Policy, requested: readonly AccessBody[], justification?: string): Entry;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Returns the case of IDs and statuses, which the settings can change. */
export function spelling(settings: Readonly<Settings>): Spelling {
  const spell = (id: string): string =>
    settings.changesIdCase
      ? id.replace(
          /\/resourceGroups\/([^/]+)/i,
          (_whole, group: string) => `/resourcegroups/${group.toUpperCase()}`,
        )
      : id;
  const word = (text: string): string => (settings.lowerCaseStatus ? text.toLowerCase() : text);
  return Object.assign(spell, { word });
}

export function createJitService(
  topology: Topology,
  settings: Readonly<Settings>,
  now: () => number,
  onMade: (made: MadeRequest) => void = () => undefined,
): JitService {
  const policies: Policy[] = [];
  const denyRules = new Map<Policy, () => void>();

  function protect(policy: Policy, denyPriority?: number): void {
    denyRules.get(policy)?.();
    const removers = policy.vms.map(({ vm, ports }) => {
      const numbers = ports.map(({ number }) => number);
      return writeDenyRule(
        vm,
        numbers,
        targetsOf(vm, settings),
        now(),
        denyPriority ?? settings.denyPriority,
      );
    });
    denyRules.set(policy, () => {
      for (const remove of removers) remove();
    });
  }

  function requireIdle(policy: Policy): void {
    if (settings.refusesWhileUpdating && policy.updatingUntil > now())
      throw refuse(409, 'Conflict', `Another operation on the policy '${policy.name}' is in progress.`);
  }

  const put: JitService['put'] = (name, place, vms, appendMode) => {
    const known = find(place, name);
    if (known) requireIdle(known);
    const isGone = ({ vm }: PolicyVm) => settings.goneVms !== 'kept' && !topology.has(vm.id);
    const gone = vms.filter(isGone).map(({ vm }) => vm.id);
    if (gone.length > 0 && settings.goneVms === 'refused') {
      const what = `The following Virtual Machines were not found: ${gone.join(', ')}`;
      throw refuse(400, 'InvalidJitNetworkAccessPolicy', what);
    }
    const taken = settings.goneVms === 'dropped' ? vms.filter((one) => !isGone(one)) : vms;
    const rest = (known?.vms ?? []).filter(({ vm }) => !taken.some((one) => one.vm.id === vm.id));
    const policy = store(name, place, appendMode ? [...rest, ...taken] : taken);
    if (settings.putEndsRequests) endRequests(policy);
    policy.appendMode = appendMode;
    if (gone.length > 0 && settings.goneVms === 'fails') policy.endState = 'Failed';
    return policy;
  };

  function store(name: string, place: Place, vms: readonly PolicyVm[], denyPriority?: number): Policy {
    topology.addGroup(place.subscriptionId, place.resourceGroup);
    const known = find(place, name);
    const fresh = { ...place, id: policyId(place, name), name, entries: [] };
    const policy: Policy = known ?? {
      ...fresh,
      vms,
      updatingUntil: 0,
      endState: 'Succeeded',
      appendMode: false,
    };
    if (!known) policies.push(policy);
    policy.vms = vms;
    policy.updatingUntil = now() + settings.updatingMs;
    policy.endState = settings.provisioningEnds;
    protect(policy, denyPriority);
    return policy;
  }

  function endRequests({ entries }: Policy): void {
    for (const grant of entries.flatMap(({ grants }) => grants).filter((one) => isActive(one, now()))) {
      grant.revokedAt = now();
      grant.endRulesAt(now());
    }
  }

  const find = (place: Place, name: string): Policy | undefined =>
    policies.find(
      (policy) =>
        same(policy.subscriptionId, place.subscriptionId) &&
        same(policy.resourceGroup, place.resourceGroup) &&
        same(policy.location, place.location) &&
        same(policy.name, name),
    );

  return {
    policies,
    put,
    find,
    requireIdle,
    remove(policy) {
      denyRules.get(policy)?.();
      policies.splice(policies.indexOf(policy), 1);
    },
    open: (policy, requested, justification) =>
      open(
        policy,
        requested,
        { requestor: '', ...(justification === undefined ? {} : { justification }) },
        now(),
        settings,
      ),
    add(wanted) {
      const [first] = wanted.vms;
      if (!first) throw new Error('A policy needs a VM.');
      const { subscriptionId } = first.vm;
      const { resourceGroup = first.vm.resourceGroup, location = first.vm.location } = wanted;
      const place = { subscriptionId, resourceGroup, location };
      const policy = store(wanted.name ?? 'default', place, wanted.vms, wanted.denyPriority);
      policy.updatingUntil = 0;
      policy.endState = wanted.failed ? 'Failed' : 'Succeeded';
      policy.appendMode = wanted.appendMode ?? false;
      if (wanted.oldRequests !== false) policy.entries.push(...oldEntries(first, now()));
      return toHandle(policy, settings, now, onMade);
    },
  };
}

function toHandle(
  policy: Policy,
  settings: Readonly<Settings>,
  now: () => number,
  onMade: (made: MadeRequest) => void,
): PolicyHandle {
  const grants = () =>
    policy.entries.flatMap((entry) => entry.grants).filter((grant) => isActive(grant, now()));
  return {
    id: policy.id,
    name: policy.name,
    requests: () => policy.entries.map((entry) => entryToJson(entry, now(), spelling(settings))),
    liveGrants: () =>
      grants().map(({ vmId, number, sources, endsAt }) => ({ vmId, port: number, sources, endsAt })),
    requestByOther({ vm, port, sources, durationMs, ...requestor }) {
      const endsAt = now() + durationMs;
      const protocol = 'TCP';
      const requested = {
        vm,
        number: port,
        protocol,
        sources,
        endsAt,
        endTimeUtc: formatServiceTime(endsAt),
      };
      const entry = open(
        policy,
        [requested],
        { requestor: 'ben@contoso.com', ...requestor },
        now(),
        settings,
      );
      onMade({ policy, entry, atMs: now() });
    },
    addPastRequest(request) {
      const atMs = now() - request.agoMs;
      const entry = pastEntry(request, atMs);
      policy.entries.push(entry);
      onMade({ policy, entry, atMs });
    },
  };
}
