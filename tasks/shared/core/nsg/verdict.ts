import type { AdminRule, AttachedGroup, SecurityRule } from '../network';
import type { Prefix } from '../prefixes';

/** Traffic that wants in. */
export interface Flow {
  /** IPv4 addresses, CIDRs, or `*` for any. */
  readonly sources: readonly Prefix[];
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** A rule of a security group, and where it works. */
export interface GroupRuleAt extends AttachedGroup {
  readonly rule: SecurityRule;
}

/** A security admin rule, which works on the whole VNet. */
export interface AdminRuleAt {
  readonly attachedTo: 'vnet';
  readonly rule: AdminRule;
}

/** A rule, and where it works. */
export type RuleAt = GroupRuleAt | AdminRuleAt;

export const isAdminRule = <At extends { readonly attachedTo: RuleAt['attachedTo'] }>(
  at: At,
): at is Extract<At, { readonly attachedTo: 'vnet' }> => at.attachedTo === 'vnet';

/**
 * What keeps a part of the sources out. `denies`: a rule that surely applies. `unresolved`: a deny rule that may
 * apply, because of a tag or a group that cannot be resolved from here, or a rule that makes no sense. `noRule`: no rule
 * of the group decides. `noSecurityGroup`: a public address without any group that is not known to be of the kind that
 * then allows everybody. `notIpv4`: the source is no IPv4 prefix, or there is none.
 * `sources` are the CIDRs of the part that is kept out, or for `notIpv4` the texts.
 */
export type Blocker =
  | (RuleAt & { readonly reason: 'denies' | 'unresolved'; readonly sources: readonly Prefix[] })
  | (AttachedGroup & { readonly reason: 'noRule'; readonly sources: readonly Prefix[] })
  | { readonly reason: 'noSecurityGroup' | 'notIpv4'; readonly sources: readonly Prefix[] };

/** Whether the whole of the sources is allowed, and by which rules; else what keeps which part out. */
export type Verdict =
  | { readonly admits: true; readonly admittedBy: readonly RuleAt[] }
  | {
      readonly admits: false;
      readonly blockers: readonly Blocker[];
      /** Rules that let a part through their own group. */
      readonly admittedBy: readonly RuleAt[];
      /** CIDRs of the part that gets in through every group. */
      readonly admittedSources: readonly Prefix[];
    };
