import { writeCounts } from './countSteps';

/** A program: counts the steps of work on policies with many VMs, and on an audit with many requests for one port. */

const START = Date.UTC(2026, 8, 1);
const MINUTE_MS = 60_000;

async function* pagesOf<T>(...pages: readonly (readonly T[])[]) {
  await Promise.resolve();
  yield* pages;
}

writeCounts(async () => {
  const { aPolicyWorkflow } = await import('../../flow/policyWorkflow');
  const { anyPort } = await import('../../flow/workflow');
  const { withRealEnds } = await import('../../../tasks/JitReport/JitReportV1/src/judge/closings');
  const { parsePrefix } = await import('../../../tasks/shared/core/prefixes');
  const { toVmScope, widest } = await import('../../../tasks/shared/core/scopes');
  const { gatherAround } = await import('../../../tasks/JitReport/JitReportV1/src/gather/gather');
  const { createGaps } = await import('../../../tasks/JitReport/JitReportV1/src/gather/gaps');
  const { aReportWorkflow } = await import('../../flow/reportWorkflow');
  const { aVm } = await import('../../unit/core/policies');
  const { anEntry } = await import('../../unit/report/calls');
  const { aRequest } = await import('../report/reports');

  const configure =
    (raw: Parameters<ReturnType<typeof aPolicyWorkflow>['run']>[0], policies: readonly string[]) =>
    async (size: number): Promise<void> => {
      const { azure, run } = aPolicyWorkflow({ updatingMs: 0, pageSize: 10_000, listPageSize: 10_000 });
      const names = Array.from({ length: size }, (_, at) => `vm-${String(at)}`);
      const vms = names.map((name) => azure.addVm({ name, resourceGroup: 'rg-many', nics: [] }));
      for (const name of policies) {
        const policy = azure.addPolicy({
          ...{ name, oldRequests: false },
          vms: vms.map((vm) => ({ vm, ports: [anyPort(22), anyPort(443)] })),
        });
        for (const vm of vms)
          policy.requestByOther({ vm, port: 22, sources: ['20.9.9.9'], durationMs: MINUTE_MS });
      }
      const { codes } = await run({ vmResourceId: 'rg-many/*', maxVms: '5000', ...raw });
      if (codes.length > 0) throw new Error(codes.join());
    };
  /** Requests a minute apart, for ten minutes each, or for five seconds every second time. */
  const audit = (shortSources: readonly string[]) => (size: number) =>
    withRealEnds(
      Array.from({ length: size }, (_, at) => {
        const isShort = at % 2 === 1 && shortSources.length > 0;
        const from = START + at * MINUTE_MS;
        const [port] = aRequest(1).ports;
        if (!port) throw new Error('The sample has no port.');
        const sources = (isShort ? shortSources : ['20.50.1.7']).map(parsePrefix);
        const endsAt = new Date(from + (isShort ? 5000 : 10 * MINUTE_MS)).toISOString();
        return {
          ...aRequest(1),
          ...{ time: new Date(from).toISOString(), ports: [{ ...port, sources, endsAt, state: 'ended' }] },
        };
      }),
    );
  /** The Activity Log of a report on VMs by name, with an entry for each of them. */
  const gatherCalls = async (size: number): Promise<void> => {
    const scopes = Array.from({ length: size }, (_, at) => toVmScope(aVm(`vm-${String(at)}`)));
    const entries = scopes.map((_scope, at) => anEntry({ operationId: `o-${String(at)}` }));
    const nothing = () => pagesOf([]);
    const inventory = { ...aReportWorkflow().azure.inventory, assessments: nothing, policies: nothing };
    const calls = () => pagesOf(entries);
    const { signal } = new AbortController();
    const gathered = await gatherAround(
      ...([{ ...inventory, calls }, scopes, [], { from: 0, to: START }, createGaps(signal)] as const),
      { signal, remainingMs: () => Infinity },
    );
    if (gathered.calls.length !== size) throw new Error(`${String(gathered.calls.length)} calls`);
  };
  return {
    'the widest of many scopes': (size) =>
      widest(Array.from({ length: size }, (_, at) => toVmScope(aVm(`vm-${String(at)}`)))),
    'the log of a report on many VMs': gatherCalls,
    'adding VMs to a policy': configure({ portRules: '443' }, []),
    'changing the ports of VMs': configure({ portRules: '-22' }, ['default']),
    'making the ports of VMs exact in two policies': configure({ portRules: '443 max 1h', mode: 'exact' }, [
      ...['default', 'other'],
    ]),
    'removing VMs from a policy': configure({ action: 'remove' }, ['default']),
    'a dry run': configure({ portRules: '-22', dryRun: 'true' }, ['default']),
    'an audit without closings': audit([]),
    'an audit with closings': audit(['20.50.1.7']),
    'an audit with short requests for other sources': audit(['20.99.9.9']),
  };
});
