import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  changePolicy,
  entriesOf,
  isFailed,
  keyOf,
  lostEntries,
  provisioningStateOf,
  type WantedPolicy,
} from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/policyChange';
import { rulesOf } from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/policyPorts';
import type { Json } from '../../../tasks/shared/core/json';
import { aPortRule, aVm, HOUR } from './policies';
import { ensure, entry, policy, port, remove } from './writtenPolicies';

const portsOf = (body: Json) => entriesOf(body).find(({ id }) => id === aVm().id)?.['ports'];

describe('the change of a policy', () => {
  it('never affects other VMs, regardless of their fields', () => {
    const other = fc
      .tuple(
        fc.uniqueArray(fc.nat(50), { minLength: 1, maxLength: 5 }),
        fc.jsonValue(),
        fc.array(fc.object()),
      )
      .map(([names, extra, ports]) =>
        names.map((name): Json =>
          entry(`other-${String(name)}`, ports as Json[], { extra, deep: { extra } }),
        ),
      );
    const wanted = fc.constantFrom(
      remove,
      ...(['merge', 'exact'] as const).flatMap((mode) => [
        ensure([aPortRule({ port: 443, maxDurationMs: HOUR })], mode),
        ensure([aPortRule()], mode, true),
      ]),
    );
    fc.assert(
      fc.property(other, fc.nat(5), fc.boolean(), wanted, (others, at, listed, change) => {
        const all = listed ? others.toSpliced(at, 0, entry('web-01', [port(22)])) : others;
        const { kind, body } = changePolicy(policy(...all), change);
        const kept = entriesOf(body).filter(({ id }) => id !== aVm().id);
        assert.deepEqual(kept, others);
        assert.notEqual(kind, 'delete');
      }),
    );
  });

  it('is empty the second time', () => {
    const states = [
      undefined,
      policy(),
      policy(entry('web-01', [port(22), port(80)])),
      policy(entry('db', [])),
    ];
    for (const mode of ['merge', 'exact'] as const) {
      for (const state of states) {
        const wanted = ensure([aPortRule({ protocol: 'TCP', sources: ['20.50.0.0/16', '20.60.1.2'] })], mode);
        const { kind, body } = changePolicy(state, wanted);
        assert.equal(kind, 'put');
        assert.equal(changePolicy(body, wanted).kind, 'none');
      }
    }
  });

  it('creates a policy if there is none, with one field for the sources', () => {
    const rules = [aPortRule(), aPortRule({ port: 80, sources: ['20.50.1.7', '20.60.0.0/16'] })];
    const { body, differences } = changePolicy(undefined, ensure(rules));
    assert.deepEqual(body, {
      kind: 'Basic',
      properties: {
        virtualMachines: [
          {
            id: aVm().id,
            ports: [
              port(22),
              {
                ...{ number: 80, protocol: '*', maxRequestAccessDuration: 'PT3H' },
                allowedSourceAddressPrefixes: ['20.50.1.7', '20.60.0.0/16'],
              },
            ],
          },
        ],
      },
    });
    assert.deepEqual([differences[0]?.change, differences[0]?.ports.length], ['added', 2]);
  });

  it('keeps unknown fields, and omits those that the service maintains', () => {
    const current = {
      ...policy(entry('web-01', [port(22, { note: 1 })], { publicIpAddress: '20.1.1.1' })),
      ...{ etag: 'W/"1"', systemData: { createdBy: 'somebody' } },
    };
    const { body } = changePolicy(current, ensure([aPortRule({ maxDurationMs: HOUR })]));
    assert.deepEqual(body, {
      ...{ kind: 'Basic', newField: { kept: true } },
      properties: {
        appendMode: false,
        virtualMachines: [
          entry('web-01', [port(22, { note: 1, maxRequestAccessDuration: 'PT1H' })], {
            publicIpAddress: '20.1.1.1',
          }),
        ],
      },
    });
  });

  it('keeps other ports in merge mode, and only the rules in exact mode', () => {
    const current = policy(entry('web-01', [port(80, { note: 1 }), port(22)]));
    const rules = [aPortRule({ port: 443 })];
    const [merged, exact] = (['merge', 'exact'] as const).map((mode) =>
      changePolicy(current, ensure(rules, mode)),
    );
    assert.deepEqual(portsOf(merged?.body ?? {}), [port(80, { note: 1 }), port(22), port(443)]);
    assert.deepEqual(portsOf(exact?.body ?? {}), [port(443)]);
    assert.deepEqual(
      exact?.differences[0]?.ports.map(({ before, after }) => [before?.port, after?.port]),
      [
        [undefined, 443],
        [80, undefined],
        [22, undefined],
      ],
    );
  });

  it('treats TCP and UDP of one port as two ports, and a rule for both as each of them', () => {
    const current = policy(entry('web-01', [port(53, { protocol: 'UDP' })]));
    const tcp = changePolicy(current, ensure([aPortRule({ port: 53, protocol: 'TCP' })]));
    assert.deepEqual(
      rulesOf(entriesOf(tcp.body)[0] ?? {}).map(({ protocol }) => protocol),
      ['UDP', 'TCP'],
    );
    const both = changePolicy(tcp.body, ensure([aPortRule({ port: 53 })]));
    assert.deepEqual(portsOf(both.body), [port(53)]);
  });

  it('never replaces a configured port by a default in merge mode', () => {
    const own = [port(22, { allowedSourceAddressPrefix: '20.50.1.7', maxRequestAccessDuration: 'PT1H' })];
    const current = policy(entry('web-01', own));
    assert.equal(changePolicy(current, ensure(undefined, 'merge', true)).kind, 'none');
    assert.equal(changePolicy(current, ensure(undefined, 'exact', true)).kind, 'put');
  });

  it('recognizes the same rule in a different notation', () => {
    const own = [port(22, { protocol: 'Tcp', maxRequestAccessDuration: 'PT180M' })];
    own.push(
      port(80, { allowedSourceAddressPrefix: null, allowedSourceAddressPrefixes: ['20.1.1.1', '20.2.2.2'] }),
    );
    const rules = [
      aPortRule({ protocol: 'TCP' }),
      aPortRule({ port: 80, sources: ['20.2.2.2/32', '20.1.1.1'] }),
    ];
    const current = policy({ ...entry('web-01', own), id: aVm().id.toUpperCase() });
    assert.equal(changePolicy(current, ensure(rules, 'exact')).kind, 'none');
  });

  it('removes a VM, and deletes a policy without VMs', () => {
    const both = policy(entry('web-01', [port(22)]), entry('db', [port(22)]));
    const { kind, body, differences } = changePolicy(both, remove);
    assert.equal(kind, 'put');
    assert.deepEqual(entriesOf(body), [entry('db', [port(22)])]);
    assert.equal(differences[0]?.change, 'removed');
    assert.equal(changePolicy(policy(entry('web-01', [])), remove).kind, 'delete');
    assert.equal(changePolicy(policy(entry('db', [])), remove).kind, 'none');
  });

  it('keeps a VM unchanged if only another VM changes', () => {
    const asItIs = entry('web-01', [port(22), port(80)]);
    const db = { vm: aVm('db'), rules: [aPortRule()], removals: [], byDefault: false };
    const web = { ...db, vm: aVm() };
    for (const vms of [
      [web, db],
      [db, web],
    ]) {
      const { kind, body, differences } = changePolicy(policy(asItIs), {
        action: 'ensure',
        mode: 'merge',
        vms,
      });
      assert.equal(kind, 'put');
      assert.deepEqual(entriesOf(body), [asItIs, entry('db', [port(22)])]);
      assert.deepEqual(differences.map(({ change }) => change).toSorted(), ['added', 'none']);
    }
  });

  it('keeps entries that are not VMs in their place, and finds the VMs next to them', () => {
    const list = [null, 'text', entry('web-01', [port(22)]), entry('db', [])] as readonly Json[];
    const { body, differences } = changePolicy(policy(...list), remove);
    assert.deepEqual((body['properties'] as Json)['virtualMachines'], [null, 'text', entry('db', [])]);
    assert.equal(differences[0]?.change, 'removed');
    assert.deepEqual(entriesOf(policy(...list)), list.slice(2));
    const changed = changePolicy(policy(...list), ensure([aPortRule({ maxDurationMs: HOUR })])).body;
    assert.equal(((changed['properties'] as Json)['virtualMachines'] as unknown[]).length, 4);
  });

  it('writes the policy again if the last write failed, unless the change would only remove a VM that it does not have', () => {
    const inState = (provisioningState: unknown) => {
      const current = policy(entry('web-01', [port(22)]));
      return { ...current, properties: { ...(current['properties'] as Json), provisioningState } };
    };
    for (const state of ['Failed', 'failed', 'Canceled', 'Cancelled']) {
      const { kind, repairs } = changePolicy(inState(state), ensure());
      assert.deepEqual([kind, repairs], ['put', state]);
    }
    const other: WantedPolicy = { action: 'remove', vms: [{ vm: aVm('other') }] };
    assert.equal(changePolicy(inState('Failed'), other).kind, 'none');
    for (const state of [
      'Succeeded',
      'Updating',
      'FailingOver',
      'FailedBefore',
      'NotFailed',
      '',
      5,
      undefined,
    ]) {
      assert.equal(changePolicy(inState(state), ensure()).kind, 'none', String(state));
      assert.equal(isFailed(String(state)), false);
    }
    assert.deepEqual(
      ['Updating', '', 5, undefined].map((state) => provisioningStateOf(inState(state))),
      ['Updating', 'Succeeded', 'Succeeded', 'Succeeded'],
    );
  });

  it('matches an entry by its ID regardless of case, even if it is not a VM', () => {
    assert.equal(keyOf(entry('web-01', [])), aVm().key);
    assert.equal(keyOf({ id: aVm().id.toUpperCase() }), aVm().key);
    assert.equal(keyOf({ id: '/Some/Thing' }), '/some/thing');
    assert.equal(keyOf({ id: 5 }), keyOf({}));
  });

  it('restores lost VMs unchanged, and only once', () => {
    const db = entry('db', [port(22)], { note: 1 });
    const before = policy(entry('web-01', [port(22)]), db);
    const after = policy(entry('web-01', [port(22)]));
    const lost = lostEntries(before, after, [aVm()]);
    assert.deepEqual(lost, [db]);
    const { kind, body } = changePolicy(after, ensure(), { restore: lost });
    assert.equal(kind, 'put');
    assert.deepEqual(entriesOf(body)[1], db);
    assert.equal(changePolicy(before, ensure(), { restore: lost }).kind, 'none');
    assert.deepEqual(lostEntries(before, undefined, [aVm()]), [db]);
    assert.deepEqual(lostEntries(before, before, []), []);
  });
});
