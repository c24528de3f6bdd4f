import { usePackagedTask, requestsOf } from '../support/packagedTask';
import { anyPort } from '../support/scenario';
describe('zz', () => {
  const task = usePackagedTask();
  it('fleet', async function () {
    this.timeout(200000);
    const n = Number(process.env['N'] ?? 100), m = Number(process.env['M'] ?? 10);
    const step = await task.prepare({ settings: { listPageSize: 100, initiatingMs: 0 } });
    const vms = step.azure.addManyVms({ count: n, groups: m, each: (i) => ({ tags: { fleet: 'a' }, publicIp: `20.50.${i >> 8}.${i & 255}` }) });
    const groups = new Map<string, typeof vms[number][]>();
    for (const vm of vms) groups.set(vm.resourceGroup, [...(groups.get(vm.resourceGroup) ?? []), vm]);
    for (const [g, own] of groups) step.azure.addPolicy({ name: `p-${g}`, vms: own.map((vm) => ({ vm, ports: [anyPort(22)] })) });
    
    const run = await step.run({ vmResourceId: '', vmQuery: "tags.fleet == 'a'", maxVms: '5000', closeAtJobEnd: 'true', waitFor: process.env['W'] ?? 'rule' });
    const kinds = (cs: readonly { kind: string; service: string }[]) => { const c: Record<string, number> = {}; for (const { kind } of cs) c[kind] = (c[kind] ?? 0) + 1; return c; };
    console.log(run.result, run.durationMs, run.message.slice(0, 500), run.log.length, kinds(step.azure.calls), requestsOf(step).length);
    const before = step.azure.calls.length;
    if (process.env['C']) { step.azure.advance(0); const t = Date.now(); const after = await step.after(run); console.log(Date.now() - t, kinds(step.azure.calls.slice(before)), after.log.length, after.log.slice(0, 5), after.issues.length, after.issues.slice(0, 3)); }
    if (process.env['L']) console.log(run.log.join('\n'));
  });
});
