import assert from 'node:assert/strict';
import type { Json } from '../../../tasks/shared/core/json';
import {
  commonParts,
  entryName,
  missingParts,
} from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/policyReadings';
import { aVm } from './policies';

const port = (number: number, protocol = 'TCP'): Json => ({ number, protocol });
const entry = (name: string, ports: unknown, more: Json = {}): Json => ({ id: aVm(name).id, ports, ...more });
const policy = (...virtualMachines: readonly unknown[]): Json => ({ properties: { virtualMachines } });

describe('the difference between two readings of a policy', () => {
  it('is a missing VM, or some of its ports', () => {
    const [web, db] = [entry('web', [port(22), port(80)]), entry('db', [port(22)])];
    assert.deepEqual(missingParts(policy(web, db), policy(web)), [{ entry: db }]);
    const less = entry('web', [port(22)]);
    assert.deepEqual(missingParts(policy(web, db), policy(db, less)), [{ entry: web, ports: [port(80)] }]);
    assert.deepEqual(missingParts(policy(web), undefined), [{ entry: web }]);
    assert.deepEqual(missingParts(undefined, policy(web)), []);
  });

  it('is empty if the second reading has more, or the same in a different notation', () => {
    const web = entry('web', [port(22)]);
    const more = entry('web', [port(80), port(22, 'tcp')], { note: 1 });
    assert.deepEqual(missingParts(policy(web), policy(entry('db', []), more)), []);
    assert.deepEqual(missingParts(policy(web), policy({ ...web, id: aVm('web').id.toUpperCase() })), []);
  });

  it('includes the ports of all entries of a VM, with TCP and UDP as two ports', () => {
    const web = entry('web', [port(53), port(53, 'UDP')]);
    const parts = policy(entry('web', [port(53, 'UDP')]), entry('web', [port(53)]));
    assert.deepEqual(missingParts(policy(web), parts), []);
    assert.deepEqual(missingParts(policy(web), policy(entry('web', [port(53)]))), [
      { entry: web, ports: [port(53, 'UDP')] },
    ]);
  });

  it('ignores invalid ports and invalid lists', () => {
    const web = entry('web', [null, 'text', 5, port(22)]);
    assert.deepEqual(missingParts(policy(web), policy(entry('web', [null, port(22)]))), []);
    assert.deepEqual(missingParts(policy(web), policy(entry('web', 'none'))), [
      { entry: web, ports: [port(22)] },
    ]);
    assert.deepEqual(missingParts(policy(entry('web', undefined)), policy(entry('web', []))), []);
  });
});

describe('the intersection of two readings of a policy', () => {
  const entriesOf = (one: Json, other: Json) =>
    (commonParts(one, other)['properties'] as Json)['virtualMachines'];

  it('has the VMs of both readings, with the ports of both', () => {
    const [web, db] = [entry('web', [port(22), port(80)], { note: 1 }), entry('db', [port(22)])];
    assert.deepEqual(entriesOf(policy(web, db), policy(web, db)), [web, db]);
    assert.deepEqual(entriesOf(policy(web, db), policy(db)), [db]);
    assert.deepEqual(entriesOf(policy(web, db), policy(entry('web', [port(80), port(443)]))), [
      entry('web', [port(80)], { note: 1 }),
    ]);
    assert.deepEqual(entriesOf(policy(web), policy()), []);
  });
});

describe('the name of an entry', () => {
  it('is the last part of its ID', () => {
    assert.equal(entryName(entry('web', [])), 'web');
    assert.equal(entryName({ id: 'web' }), 'web');
    assert.equal(entryName({ id: 5 }), 'a VM without an ID');
  });
});
