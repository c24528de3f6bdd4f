import type { AdminRule, AttachedGroup, SecurityRule } from '../network';
import type { Prefix } from '../prefixes';

/** Inbound traffic to evaluate. */
export interface Flow {
  /** Addresses and CIDRs of the evaluated IP version, or `*` for any address. */
  readonly sources: readonly Prefix[];
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** A rule of an NSG, and where the NSG is attached. */
export interface GroupRuleAt extends AttachedGroup {
  readonly rule: SecurityRule;
}

/** A security admin rule, which applies to the whole VNet. */
export interface AdminRuleAt {
  readonly attachedTo: 'vnet';
  readonly rule: AdminRule;
}

/** A rule, and where it applies. */
export type RuleAt = GroupRuleAt | AdminRuleAt;

export const isAdminRule = <At extends { readonly attachedTo: RuleAt['attachedTo'] }>(
  at: At,
): at is Extract<At, { readonly attachedTo: 'vnet' }> => at.attachedTo === 'vnet';

/**
 * What blocks a part of the sources. `denies`: a rule that certainly applies. `unresolved`: a deny rule that possibly
 * applies, because a tag or a group cannot be resolved here, or the rule cannot be interpreted. `noRule`: no rule of
 * the NSG decides. `noSecurityGroup`: a public address without any NSG that is not known to be Basic, which would allow
 * everyone. `notIpv4`: a source has no address of the evaluated IP version, or there is no source. `sources` are the
 * CIDRs of the blocked part, or the texts for `notIpv4`.
 */
export type Blocker =
  | (RuleAt & { readonly reason: 'denies' | 'unresolved'; readonly sources: readonly Prefix[] })
  | (AttachedGroup & { readonly reason: 'noRule'; readonly sources: readonly Prefix[] })
  | { readonly reason: 'noSecurityGroup' | 'notIpv4'; readonly sources: readonly Prefix[] };

/** Whether all of the sources are allowed, and by which rules. Otherwise, what blocks which part. */
export type Verdict =
  | { readonly admits: true; readonly admittedBy: readonly RuleAt[] }
  | {
      readonly admits: false;
      readonly blockers: readonly Blocker[];
      /** Rules that allow a part: in their own NSG, or always. */
      readonly admittedBy: readonly RuleAt[];
      /** CIDRs of the part that all rules together allow. */
      readonly admittedSources: readonly Prefix[];
    };
