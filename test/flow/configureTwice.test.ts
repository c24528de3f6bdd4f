import assert from 'node:assert/strict';
import { anyPort } from './workflow';
import { allow } from './protectionWorkflow';
import { aPolicyWorkflow } from './policyWorkflow';

/** Creates own-01 in the policies first and second with these ports. The result reads what is in both after a run. */
function inTwoPolicies(first: readonly number[], second: readonly number[], policyPorts = anyPort) {
  const workflow = aPolicyWorkflow();
  const { azure, world } = workflow;
  const nicNsg = { rules: [allow({ sources: ['Internet'], destinationPorts: ['*'] })] };
  const own = azure.addVm({ name: 'own-01', resourceGroup: 'rg-own', nicNsg });
  const [one, two] = [first, second].map((ports) => ports.map((port) => policyPorts(port)));
  azure.addPolicy({ name: 'first', vms: [{ vm: own, ports: one ?? [] }] });
  azure.addPolicy({ name: 'second', vms: [{ vm: own, ports: two ?? [] }] });
  return {
    ...workflow,
    own,
    run: (raw: object) => workflow.run({ vmResourceId: own.id, ...raw }),
    read: () => workflow.read('rg-own'),
    lines: () => world.texts('line').join('\n'),
    denyRules: () => world.texts('line').filter((text) => text.includes('removes the deny rules')),
  };
}

describe('a VM in two policies', () => {
  it('loses a port in each of them, because it can be requested while one of them has it', async () => {
    const onlySecond = inTwoPolicies([22], [443, 8080]);
    const { changed, results } = await onlySecond.run({ portRules: '-8080' });
    assert.equal(changed, true);
    assert.deepEqual(await onlySecond.read(), ['first/own-01:22', 'second/own-01:443']);
    assert.deepEqual(
      results.map((one) => [one.ref.name, one.changed]),
      [
        ['first', false],
        ['second', true],
      ],
    );
    const both = inTwoPolicies([22, 8080], [443, 8080]);
    await both.run({ portRules: '-8080' });
    assert.deepEqual(await both.read(), ['first/own-01:22', 'second/own-01:443']);
    assert.equal((await both.run({ portRules: '-8080' })).changed, false);
  });

  it('is removed from the policy in which it has no port left, but never loses its last port', async () => {
    for (const [first, second, left] of [
      [[22], [8080], ['first/own-01:22']],
      [[8080], [22], ['second/own-01:22']],
    ] as const) {
      const { run, read, denyRules } = inTwoPolicies(first, second);
      assert.deepEqual((await run({ portRules: '-8080' })).codes, []);
      assert.deepEqual(await read(), left);
      assert.match(denyRules().join(), /for port 8080 of own-01/);
    }
    const { run, read } = inTwoPolicies([8080], [8080]);
    const { codes, failures } = await run({ portRules: '-8080' });
    assert.deepEqual(codes, ['JIT101']);
    assert.match(failures[0]?.message ?? '', /last port of own-01/);
    assert.deepEqual(await read(), ['first/own-01:8080', 'second/own-01:8080']);
  });

  it('gets a new port in the first policy when a port is removed from both', async () => {
    const { run, read } = inTwoPolicies([22, 8080], [443, 8080]);
    await run({ portRules: '3389\n-8080' });
    assert.deepEqual(await read(), ['first/own-01:22,3389', 'second/own-01:443']);
  });

  it('has only the ports of `exact`, in whichever policy', async () => {
    for (const dryRun of ['true', 'false']) {
      const { run, read, denyRules } = inTwoPolicies([443], [22, 8080]);
      const { codes, results } = await run({ portRules: '22 max 1h', mode: 'exact', dryRun });
      assert.deepEqual(codes, []);
      assert.deepEqual(
        results.map(({ differences }) => differences[0]?.change),
        ['changed', 'changed'],
      );
      if (dryRun === 'false') assert.deepEqual(await read(), ['first/own-01:22', 'second/own-01:22']);
      assert.match(denyRules().join(), /for ports 443 and 8080 of own-01/);
    }
    const gone = inTwoPolicies([22], [8080]);
    await gone.run({ portRules: '22', mode: 'exact' });
    assert.deepEqual(await gone.read(), ['first/own-01:22']);
    assert.equal((await gone.run({ portRules: '22', mode: 'exact' })).changed, false);
  });

  it('keeps the deny rules of a port that it has in the other policy', async () => {
    const { run, read, denyRules } = inTwoPolicies([22, 443], [22, 443, 8080]);
    await run({ action: 'remove', policyName: 'second' });
    assert.deepEqual(await read(), ['first/own-01:22,443']);
    assert.deepEqual(denyRules().length, 1);
    assert.match(denyRules().join(), /for port 8080 of own-01/);
  });

  it('stays unchanged in the other policy if ports are added or one policy is named, and the log says so', async () => {
    for (const raw of [
      { portRules: '3389' },
      { portRules: '-22\n3389', policyName: 'first' },
      { portRules: '3389', mode: 'exact', policyName: 'first' },
      { action: 'remove', policyName: 'first' },
    ]) {
      const { run, read, lines } = inTwoPolicies([22], [443, 8080]);
      assert.deepEqual((await run(raw)).codes, []);
      assert.ok((await read()).includes('second/own-01:443,8080'));
      assert.match(
        lines(),
        /own-01 is also in the policy second \(rg-own, westeurope\), with 443 .* and 8080 max 3h from \*/i,
        JSON.stringify(raw),
      );
    }
    const { run, lines } = inTwoPolicies([22], [443]);
    await run({ portRules: '-443' });
    assert.doesNotMatch(lines(), /is also in/);
  });
});

describe('a VM that a policy lists twice', () => {
  const twice = (...ports: readonly (readonly number[])[]) => {
    const workflow = aPolicyWorkflow();
    const { azure, vm, db } = workflow;
    const own = ports.map((list) => ({ vm, ports: list.map((port) => anyPort(port)) }));
    azure.addPolicy({ name: 'jit-web', vms: [...own, { vm: db, ports: [anyPort(22)] }] });
    return workflow;
  };

  it('ends with the wanted ports in one entry', async () => {
    for (const [raw, left] of [
      [{ portRules: '22', mode: 'exact' }, '22'],
      [{ portRules: '-8080' }, '22'],
      [{ portRules: '8080 max 1h' }, '22,8080'],
    ] as const) {
      const { run, read } = twice([22], [8080]);
      assert.equal((await run(raw)).changed, true);
      assert.deepEqual(await read(), [`jit-web/web-01:${left}`, 'jit-web/db-01:22']);
      assert.equal((await run(raw)).changed, false);
    }
  });

  it('keeps both entries if nothing differs, or if another VM changes', async () => {
    const { run, read, db } = twice([22], [8080]);
    assert.equal((await run({ portRules: '22\n8080' })).changed, false);
    await run({ vmResourceId: db.id, portRules: '443' });
    assert.deepEqual(await read(), ['jit-web/web-01:22', 'jit-web/web-01:8080', 'jit-web/db-01:22,443']);
  });
});
