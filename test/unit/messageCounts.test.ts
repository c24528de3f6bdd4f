import assert from 'node:assert/strict';
import * as closing from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import * as waiting from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/waiting';
import {
  refusedByPolicy,
  violationText,
} from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/planning';
import type { Violation } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/checkPort';
import type { NotedPort } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import * as policies from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policies';
import * as protection from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/protection';
import type { MissingPart } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/policyReadings';
import * as reporting from '../../tasks/JitReport/JitReportV1/src/messages/reporting';
import { CROWD } from '../../tasks/shared/core/crowd';
import type { FoundOdd } from '../../tasks/shared/core/oddEntries';
import { parsePrefixes } from '../../tasks/shared/core/prefixes';
import * as failures from '../../tasks/shared/messages/failures';
import { oddEntriesOfOthers, oddEntriesWrittenBack } from '../../tasks/shared/messages/oddEntries';
import { aPolicy, aPortRule, aVm, HOUR, NOW } from './core/policies';
import { aGroup, aRule } from './core/networks';

const vm = aVm();
const policy = aPolicy();
const PLACE = { name: 'default', resourceGroup: 'rg-app', location: 'westeurope' };

/** Returns the given number of rules of one group. */
const rulesAt = (count: number, access: 'Allow' | 'Deny' = 'Allow') =>
  Array.from({ length: count }, (_, at) => ({
    ...aGroup('nic'),
    rule: aRule({ priority: 300 + at, access }),
  }));

const blockers = (count: number, reason: 'denies' | 'unresolved') =>
  rulesAt(count, 'Deny').map((at) => ({ ...at, reason, sources: parsePrefixes(['20.50.1.7']) }));

describe('a message about one or several things', () => {
  it('counts the ports that remain open', () => {
    assert.match(closing.moreStayOpen(1), /^One more port is /);
    assert.doesNotMatch(closing.moreStayOpen(1), /each|ports/i);
    assert.match(closing.moreStayOpen(2), /^2 more ports are .* Each /);
  });

  it('counts the rules of permanent access', () => {
    const [one, two] = [closing.permanent(rulesAt(1)), closing.permanent(rulesAt(2))];
    assert.doesNotMatch(one, /rules|them|those/);
    assert.match(two, /names of the rules.*delete them\. Review the rules/);
    assert.doesNotMatch(two, /the name of the rule\b|delete it/);
  });

  it('counts what policies do not allow, and names the policies of the VM', () => {
    const violation = (port: number): Violation => ({
      kind: 'portNotAllowed',
      vm: aVm(`web-${String(port)}`),
      ...{ policy, port, allowed: [22] },
    });
    const seen = (count: number) =>
      refusedByPolicy(
        Array.from({ length: count }, (_, at) => violation(at)),
        '',
      ).message;
    assert.match(seen(CROWD + 1), /one more requested port or VM either\./);
    assert.match(seen(CROWD + 2), /2 more requested ports or VMs either\./);
    const none = (...names: readonly string[]) =>
      violationText({ kind: 'noPolicy', vm, policies: names }, '');
    assert.match(none('default'), /\(the policy there is default\)/);
    assert.match(none('default', 'web'), /\(the policies there are default and web\)/);
  });

  it('has a verb that fits any duration', () => {
    for (const durationMs of [HOUR, 60_000, 3 * HOUR]) {
      const text = violationText({ kind: 'tooLong', vm, policy, rule: aPortRule(), durationMs }, '');
      assert.match(text, /The requested duration of .* is longer than the /);
    }
  });

  it('distinguishes what blocks a port from what might block it', () => {
    assert.match(waiting.blockedBy(blockers(2, 'denies'), 'the port is '), /^the port is blocked by /);
    assert.match(waiting.blockedBy(blockers(1, 'unresolved'), ''), /^the first rule that .* is the rule /);
    assert.match(waiting.blockedBy(blockers(2, 'unresolved'), ''), /^the first rules that .* are the rule /);
    assert.doesNotMatch(waiting.blockedBy(blockers(2, 'unresolved'), 'the port is '), /blocked by/);
  });

  it('counts the addresses that a policy does not protect', () => {
    const text = (...addresses: readonly string[]) =>
      protection.unprotected(vm, { reason: 'noFilter', addresses, all: false });
    assert.match(text('20.1.1.1'), /at the address 20\.1\.1\.1\. .*traffic to this address,/);
    assert.match(text('20.1.1.1', '20.1.1.2'), /at the addresses .*traffic to these addresses,/);
    assert.match(text(...Array.from({ length: 7 }, (_, at) => `20.1.1.${String(at)}`)), / and 2 more\. /);
  });

  it('counts the VMs that Azure no longer finds', () => {
    assert.match(reporting.moreGoneFromQuery(1), /finds 1 more VM that/);
    assert.match(reporting.moreGoneFromQuery(2), /finds 2 more VMs that/);
  });
});

describe('a list of things that contain commas', () => {
  const odd = (count: number): readonly FoundOdd[] =>
    Array.from({ length: count }, (_, at) => ({
      policy,
      entry: {
        part: 'port',
        vmKey: aVm(`web-${String(at)}`).key,
        port: 22,
        problem: 'a, b',
        mayLastUntil: Infinity,
      },
    }));

  it('has semicolons between them, and no comma before the last word `and`', () => {
    const text = oddEntriesOfOthers(odd(3));
    assert.equal(text.split('; ').length, 3, text);
    assert.doesNotMatch(text, / and default,/);
    assert.equal(oddEntriesOfOthers(odd(7)).split('; ').at(-1), '2 more.');
    assert.match(oddEntriesWrittenBack(odd(2)), /web-0, port 22 \(a, b\); web-1, port 22 \(a, b\)\./);
  });

  it('names the VM of the missing ports', () => {
    const id = (name: string) => ({ id: aVm(name).id });
    const parts: readonly MissingPart[] = [
      { entry: id('web-01'), ports: [{ number: 22 }, { number: 3389 }] },
      { entry: id('web-02'), ports: [{ number: 22 }] },
      { entry: id('web-03') },
    ];
    const list = 'ports 22 and 3389 of web-01; port 22 of web-02; web-03';
    assert.ok(policies.vmsGone(PLACE, parts).includes(list));
    assert.ok(policies.contradiction(true, true, parts).includes(list));
  });
});

describe('an uncertain state', () => {
  const opened: NotedPort = {
    ...{ vm, policy, port: 22, protocol: '*', sources: parsePrefixes(['20.50.1.7']) },
    ...{ endsAt: NOW, startedAt: undefined, own: undefined, others: undefined },
  };

  it('is reported after the job as not verified instead of open, with VM, port, and end', () => {
    const said = (isAllowed: boolean, why: string) =>
      closing.closedText({ kind: 'open', opened, until: NOW, isAllowed, why }).text;
    assert.match(said(true, closing.noGroup), /^Still open: web-01, port 22, from .* until 2026-.* UTC\./);
    assert.match(
      said(false, closing.ruleMayCome),
      /^Not verified.*: web-01, port 22, from .* until 2026-.* UTC\./,
    );
  });

  it('is not reported as throttling if Azure required a wait with another status', () => {
    assert.match(failures.waitTooLong('status 429', 90_000, true).seen, /throttling.* 90 s/);
    const { code, seen } = failures.waitTooLong('status 503', 90_000, false);
    assert.equal(code, 'JIT601');
    assert.match(seen, /status 503.* 90 s/);
    assert.doesNotMatch(seen, /throttl/);
  });

  it('is not attributed to a service of Azure if it concerns a call, or a service of the agent', () => {
    const agent = 'The managed identity service of this agent';
    assert.match(
      failures.serverError('The list of VMs', 502, 'x').seen,
      /^The call \(the list of VMs\) returned/,
    );
    assert.match(
      failures.serverError(agent, 502, 'x').seen,
      /^The managed identity service of this agent returned/,
    );
    assert.match(failures.senselessAnswer('A VM', 'x').seen, /^Unexpected response to the call \(a VM\): /);
    assert.match(
      failures.senselessAnswer(agent, 'x').seen,
      /^Unexpected response from the managed identity service/,
    );
    assert.match(
      failures.senselessAnswer('Azure Resource Manager', 'x').seen,
      /from Azure Resource Manager: /,
    );
  });
});
