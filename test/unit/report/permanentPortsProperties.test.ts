import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ANY, parsePrefixes, textsOf } from '../../../tasks/shared/core/prefixes';
import { findOpenings } from '../../../tasks/JitReport/JitReportV1/src/judge/permanentAccess';
import { formatIpv4, isPublicIpv4 } from '../../../tasks/shared/core/addresses';
import type { SecurityRule, VmNetwork } from '../../../tasks/shared/core/network';
import { withoutRules } from '../../../tasks/shared/core/nsg/rules';
import { admitsAddress, contains } from '../core/naiveEvaluator';
import { HEX } from '../core/networks';
import { CIDRS, network, toPoints } from '../core/randomNetworks';

const JIT = `SecurityCenter-JITRule-1-${HEX}`;

/** Networks with security groups in which some rules have the names of request rules. */
const named: fc.Arbitrary<VmNetwork> = fc
  .tuple(network, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }))
  .filter(([{ groups }]) => groups.length > 0)
  .map(([vm, flags]) => ({
    ...vm,
    groups: vm.groups.map(({ attachedTo, group }) => ({
      attachedTo,
      group: {
        ...group,
        rules: group.rules.map((rule, at) =>
          flags[at] === true && !rule.isDefault ? { ...rule, name: JIT } : rule,
        ),
      },
    })),
  }));
const grants = fc.array(fc.constantFrom(...CIDRS, '*'), { maxLength: 3 });
const port = fc.constantFrom(22, 22, 3389);

/** A rule that only might apply neither allows nor blocks a source. */
const getsIn = (vm: VmNetwork, point: number, requested: number): boolean =>
  admitsAddress(vm, point, requested, 'TCP', 'neither');

/** RFC 1918. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Every doubt counts in favor of the source. */
const mayGetIn = (vm: VmNetwork, point: number, requested: number): boolean =>
  admitsAddress(vm, point, requested, 'TCP', 'Allow');

const isIn = (prefixes: readonly string[], point: number): boolean =>
  prefixes.some((prefix) => prefix === '*' || contains(prefix, point));

/**
 * Whether a rule has the name of a request rule, and all of its sources were granted, evaluated at the given points.
 */
function isGranted(rule: SecurityRule, points: readonly number[], granted: readonly string[]): boolean {
  if (rule.name !== JIT || rule.sources.length === 0) return false;
  if (!rule.sources.every(({ text }) => text === '*' || /^[\d./]+$/.test(text))) return false;
  return points.every((point) => !isIn(textsOf(rule.sources), point) || isIn(granted, point));
}

describe('permanent ports in random networks', () => {
  it('allow the same sources as an evaluator that checks one address at a time', () => {
    const met = { nobody: 0, somebody: 0, everybody: 0, granted: 0, doubted: 0 };
    fc.assert(
      fc.property(
        fc.array(named, { minLength: 1, maxLength: 2 }),
        grants,
        port,
        (vms, granted, requested) => {
          const points = [...new Set(vms.flatMap((vm) => toPoints(vm, [ANY])))];
          const left = vms.map((vm) =>
            withoutRules(
              vm,
              (rule) => rule.access === 'Allow' && (rule.isDefault || isGranted(rule, points, granted)),
            ),
          );
          const places = vms.map((vm) => ({ network: vm, vnetId: undefined, publicIpId: undefined }));
          const at = { port: requested, protocol: 'TCP', granted: parsePrefixes(granted) } as const;
          const [opening] = findOpenings(places, at, { firewalls: [], vnets: new Map() });
          const found = opening?.permanent;
          const isHost = (point: number) =>
            isPublicIpv4(point) ||
            isIn([...PRIVATE, ...textsOf(vms.flatMap((vm) => vm.vnet?.certain ?? []))], point);
          const may = points.filter(
            (point) => isHost(point) && left.some((vm) => mayGetIn(vm, point, requested)),
          );
          const doubted = may.filter((point) => !left.some((vm) => getsIn(vm, point, requested)));
          assert.equal(opening?.doubt === undefined, doubted.length === 0);
          if (doubted.length > 0) {
            met.doubted += 1;
            assert.ok((opening?.doubt?.rules.length ?? 0) > 0);
          }
          const open = points.filter((point) => left.some((vm) => getsIn(vm, point, requested)));
          const isEverybody = points.every((point) => !isPublicIpv4(point) || open.includes(point));
          met[open.length === 0 ? 'nobody' : isEverybody ? 'everybody' : 'somebody'] += 1;
          if (JSON.stringify(left) !== JSON.stringify(vms.map((vm) => withoutRules(vm, isAzures)))) {
            met.granted += 1;
          }
          assert.equal(found === undefined, open.length === 0);
          if (!found) return;
          const isPublic = open.some((point) => isPublicIpv4(point));
          assert.equal(found.reach, isEverybody ? 'anyAddress' : isPublic ? 'internet' : 'private');
          assert.ok(found.rules.length > 0);
          if (isEverybody || found.moreSources > 0) return;
          for (const point of points) {
            assert.equal(isIn(found.sources, point), open.includes(point), formatIpv4(point));
          }
        },
      ),
      { numRuns: 300 },
    );
    for (const [kind, times] of Object.entries(met)) assert.ok(times >= 8, `${kind}: ${times}`);
  });

  it('have the same share of the internet as counted for each address', () => {
    const met = { open: 0, closed: 0, partly: 0 };
    fc.assert(
      fc.property(named, port, (vm, requested) => {
        const place = { network: vm, vnetId: undefined, publicIpId: undefined };
        const at = { port: requested, protocol: 'TCP', granted: [] } as const;
        const [opening] = findOpenings([place], at, { firewalls: [], vnets: new Map() });
        const share = opening?.publicShare;
        // Nothing changes between two points, so each one represents all addresses up to the next.
        const points = toPoints(vm, [ANY]).sort((a, b) => a - b);
        const areas = points
          .map((point, at) => ({ point, size: (points[at + 1] ?? 2 ** 32) - point }))
          .filter(({ point }) => isPublicIpv4(point));
        const sum = (some: typeof areas) => some.reduce((all, { size }) => all + size, 0);
        const open = areas.filter(({ point }) => getsIn(vm, point, requested));
        assert.equal(share, sum(open) / sum(areas));
        met[share === 1 ? 'open' : share === 0 ? 'closed' : 'partly'] += 1;
      }),
      { numRuns: 600 },
    );
    for (const [kind, times] of Object.entries(met)) assert.ok(times >= 8, `${kind}: ${times}`);
  });
});

const isAzures = (rule: SecurityRule): boolean => rule.access === 'Allow' && rule.isDefault;
