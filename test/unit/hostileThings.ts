import { read } from '../support/written';
import { parsePrefixes, type Prefix } from '../../tasks/shared/core/prefixes';
import type { Access, WaitedAccess } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/access';
import type { NotedPort } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import type { AddressVerdict } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/flowVerdict';
import type { Pending } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/pending';
import type { EchoAnswer } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/echo';
import type { AdminRule, SecurityRule } from '../../tasks/shared/core/network';
import type { AdminRuleAt, Blocker, GroupRuleAt, RuleAt } from '../../tasks/shared/core/nsg/verdict';
import type { Violation } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/checkPort';
import type { VmDifference } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/policyPorts';
import type { Policy, RequestedPort } from '../../tasks/shared/core/policy';
import type { PortRequest } from '../../tasks/shared/core/requests';
import { senselessAnswer } from '../../tasks/shared/messages/failures';
import { forbidden } from '../../tasks/shared/messages/refusals';
import type { ForbiddenError } from '../../tasks/shared/core/errors';
import type { InitiatePort } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/requestBody';
import { aPortRule, aRequest, aVm, NOW } from './core/policies';

/** Everything that a message can be about, with foreign text wherever text comes from outside. */
export interface Things {
  readonly text: () => string;
  readonly texts: () => readonly string[];
  readonly prefixes: () => readonly Prefix[];
  readonly vm: ReturnType<typeof aVm>;
  readonly policy: Policy;
  readonly answers: readonly EchoAnswer[];
  readonly asked: InitiatePort;
  readonly access: Access;
  readonly opened: NotedPort;
  readonly request: PortRequest;
  readonly own: RequestedPort;
  readonly groupRules: readonly GroupRuleAt[];
  readonly adminRules: readonly AdminRuleAt[];
  /** The rules of the groups and the security admin rules. */
  readonly rules: readonly RuleAt[];
  readonly blockers: readonly Blocker[];
  readonly violations: readonly Violation[];
  readonly pendings: readonly Pending[];
  readonly waited: readonly WaitedAccess[];
  readonly forbidden: ForbiddenError;
  readonly vmDifferences: readonly VmDifference[];
}

/** Creates the things from the texts, which are used in turn. */
export function toThings(given: readonly [string, ...string[]]): Things {
  let taken = 0;
  const text = (): string => given[taken++ % given.length] ?? given[0];
  const texts = (): readonly string[] => [text(), text()];
  const prefixes = () => parsePrefixes(texts());
  const vm = { ...aVm(), name: text(), resourceGroup: text() };
  const own = { vm, port: 22, sources: prefixes(), endsAt: NOW, status: text(), statusReason: text() };
  const startedAt = new Date(NOW).toISOString();
  const request = { ...aRequest(own, { startedAt, requestor: text(), justification: text() }) };
  const policy: Policy = {
    ...{ id: text(), name: text(), subscriptionId: text(), resourceGroup: text(), location: text() },
    vms: [],
    requests: [{ ...request, startedAt: new Date(NOW + 1).toISOString() }],
  };
  const requested = { vm, port: 22, endsAt: NOW, sources: prefixes() };
  const others = { sources: prefixes(), endsAt: NOW };
  const access: Access = {
    ...{ vm, policy, port: 22, protocol: '*', wantedSources: prefixes(), sources: prefixes(), endsAt: NOW },
    wantedUntil: NOW,
    ...{ status: text(), startedAt, reused: false, others, firewall: { host: text(), port: 22 } },
  };
  const groupRules = [toRule(text), toRule(text)];
  const adminRules = groupRules.map(({ rule }) => toAdminRule(rule, text));
  const rules = [...groupRules, ...adminRules];
  const blockers: readonly Blocker[] = [
    ...rules.map((rule) => ({ ...rule, reason: 'denies' as const, sources: prefixes() })),
    ...rules.map((rule) => ({ ...rule, reason: 'unresolved' as const, sources: prefixes() })),
    {
      reason: 'noRule',
      attachedTo: 'subnet',
      group: { id: text(), name: text(), rules: [] },
      sources: prefixes(),
    },
    { reason: 'noSecurityGroup', sources: prefixes() },
    { reason: 'notIpv4', sources: prefixes() },
  ];
  const trouble = senselessAnswer(text(), text());
  const nothing = { blockers: undefined, permanent: undefined, trouble: undefined };
  const pending = { index: 0, access, request: own, readable: true, ...nothing };
  const rule = aPortRule({ sources: prefixes() });
  const violations: readonly Violation[] = [
    { kind: 'noPolicy', vm, policies: texts() },
    { kind: 'noPolicy', vm, policies: [] },
    { kind: 'portNotAllowed', vm, policy, port: 1, allowed: [22] },
    { kind: 'tooLong', vm, policy, rule, durationMs: 1000 },
    { kind: 'sourceNotAllowed', vm, policy, rule, sources: prefixes() },
    { kind: 'anySourceNotWritten', vm, policy, rule },
    { kind: 'oddEntry', vm, policy, port: 22, problem: text() },
    { kind: 'oddEntry', vm, policy, port: undefined, problem: text() },
  ];
  return {
    ...{ text, texts, prefixes, vm, policy, asked: requested, access, own, blockers, violations },
    ...{ groupRules, adminRules, rules },
    answers: [
      { service: text(), kind: 'text', text: text() },
      { service: text(), kind: 'failure', reason: text() },
    ],
    opened: {
      ...{ vm, policy, port: 22, protocol: '*', sources: prefixes(), endsAt: NOW, startedAt, others },
      own: prefixes(),
    },
    request: { request, port: own },
    pendings: [
      ...blockers.map((blocker) => ({ ...pending, blockers: [blocker], admitted: false })),
      { ...pending, blockers, admitted: false },
      { ...pending, blockers, admitted: false, azure: azureOf(prefixes(), text) },
      { ...pending, admitted: true, azure: azureOf(prefixes(), text) },
      { ...pending, admitted: true },
      { ...pending, admitted: false },
      { ...pending, admitted: false, trouble },
    ],
    waited: [
      { access, waited: { status: 'open', permanent: { rules, everyAddress: true } }, waitedMs: 0 },
      { access, waited: { status: 'initiated' }, waitedMs: 5000 },
      { access, waited: { status: 'requested' }, waitedMs: 0 },
      { access, waited: { status: 'failed', error: trouble }, waitedMs: 5000 },
    ],
    forbidden: forbidden(text(), text()),
    vmDifferences: (['added', 'changed', 'removed', 'none'] as const).map((change) => ({
      ...{ vm, change },
      ports: [{ before: rule }, { after: rule }, { before: rule, after: rule }, {}],
    })),
  };
}

const azureOf = (prefixes: readonly Prefix[], text: () => string): readonly AddressVerdict[] =>
  prefixes.map((address) => ({ address, byRules: 'open', access: 'Deny', ruleName: text() }));

function toAdminRule(rule: SecurityRule, text: () => string): AdminRuleAt {
  const named: AdminRule = {
    ...{ ...rule, name: text(), senseless: text(), access: 'AlwaysAllow' },
    ...{ managerId: text(), configuration: text(), collection: text() },
  };
  return { attachedTo: 'vnet', rule: named };
}

function toRule(text: () => string): GroupRuleAt {
  const rule = read<SecurityRule>({
    ...{ name: text(), priority: 100, direction: 'Inbound', access: 'Deny', protocol: text() },
    ...{ sources: [text()], sourceGroupIds: [text()], sourcePorts: [text()], destinations: [text()] },
    ...{ destinationGroupIds: [text()], destinationPorts: [text()], isDefault: false },
  });
  return { rule, group: { id: text(), name: text(), rules: [rule] }, attachedTo: 'nic' };
}
