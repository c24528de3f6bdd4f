import { isIpv4, type Prefix } from '../../../../shared/core/prefixes';
import type { Policy, PolicyVm, PortRule } from '../../../../shared/core/policy';
import type { OwnPort } from '../../../../shared/core/requests';
import type { VmId } from '../../../../shared/core/resourceIds';
import { coverEverything, createPrefixCover, prefixesCover } from '../../../../shared/core/sources';

/** The access that is wanted, which is the same for every VM. */
export interface WantedAccess {
  readonly ports: 'all' | readonly number[];
  /** In milliseconds, or the policy's maximum for each port. */
  readonly durationMs: number | 'max';
  /** The prefixes to request. `azure`: the address that Azure sees. `policy`: exactly what the policy allows. */
  readonly source: readonly Prefix[] | 'azure' | 'policy';
  /** Whether to also request the sources of other runs' active requests, so that neither run cuts off the other. */
  readonly share: boolean;
  /** What this step requested before: any source that Azure chose for it is this agent's. */
  readonly earlier?: readonly OwnPort[] | undefined;
}

/** Why the policy does not allow what is wanted, with what it does allow. */
export type Violation =
  | { readonly kind: 'noPolicy'; readonly vm: VmId; readonly policies: readonly string[] }
  | {
      readonly kind: 'portNotAllowed';
      readonly vm: VmId;
      readonly policy: Policy;
      /** Absent if every port was wanted and there is none. */
      readonly port: number | undefined;
      readonly allowed: readonly number[];
    }
  | {
      readonly kind: 'tooLong';
      readonly vm: VmId;
      readonly policy: Policy;
      readonly rule: PortRule;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'sourceNotAllowed';
      readonly vm: VmId;
      readonly policy: Policy;
      readonly rule: PortRule;
      readonly sources: readonly Prefix[];
    }
  /** The policy's own entry of the VM, or of one of its ports, cannot be interpreted. */
  | {
      readonly kind: 'oddEntry';
      readonly vm: VmId;
      readonly policy: Policy;
      /** Absent if it affects the whole VM, or if the entry names no port. */
      readonly port: number | undefined;
      readonly problem: string;
    }
  /** The policy allows any address, which must be requested explicitly. */
  | {
      readonly kind: 'anySourceNotWritten';
      readonly vm: VmId;
      readonly policy: Policy;
      readonly rule: PortRule;
    };

/**
 * Returns the entries of a port by which a request is checked. A request has no protocol, so entries with the same
 * number belong together: those for TCP decide, with the longest maximum first, and those for UDP only if there is no
 * other entry.
 */
export function rulesOf({ ports }: PolicyVm, number: number): readonly PortRule[] {
  const entries = ports
    .filter(({ port }) => port === number)
    .toSorted((one, other) => other.maxDurationMs - one.maxDurationMs);
  const tcp = entries.filter(({ protocol }) => protocol !== 'UDP');
  return tcp.length > 0 ? tcp : entries;
}

/** Returns how the wanted access violates one entry of the policy. Empty if the entry allows it. */
export function checkRule(
  rule: PortRule,
  vm: VmId,
  policy: Policy,
  wanted: WantedAccess,
): readonly Violation[] {
  const against: Violation[] = [];
  if (wanted.durationMs !== 'max' && wanted.durationMs > rule.maxDurationMs) {
    against.push({ kind: 'tooLong', vm, policy, rule, durationMs: wanted.durationMs });
  }
  if (wanted.source === 'policy') {
    if (!rule.sources.some(isIpv4)) {
      against.push({ kind: 'sourceNotAllowed', vm, policy, rule, sources: rule.sources });
    } else if (coverEverything(rule.sources)) {
      against.push({ kind: 'anySourceNotWritten', vm, policy, rule });
    }
  } else if (wanted.source !== 'azure' && !prefixesCover(rule.sources, wanted.source)) {
    const isAllowed = createPrefixCover(rule.sources);
    const sources = wanted.source.filter((source) => !isAllowed(source));
    against.push({ kind: 'sourceNotAllowed', vm, policy, rule, sources });
  }
  return against;
}
