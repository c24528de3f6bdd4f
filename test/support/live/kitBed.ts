import { runKit, type KitParts, type KitResult } from '../../../scripts/live/run';
import type { Clock } from '../../../tasks/shared/core/limits';
import { parseVmId } from '../../../tasks/shared/core/resourceIds';
import { systemClock } from '../../../tasks/shared/host/clock';
import { connectTo } from '../../contract/beds';
import {
  ALL_ACTIONS,
  startAzure,
  type Principal,
  type Settings,
  type SimulatedAzure,
  type Vm,
} from '../azure';

const MINUTE_MS = 60_000;
const WRITE = 'Microsoft.Compute/virtualMachines/write';

/** A simulated Azure with one VM for the kit, on a clock that waits move forward. */
export interface KitBed {
  readonly azure: SimulatedAzure;
  readonly vm: Vm;
  readonly principal: Principal;
  /** Runs the kit. Waits take no time. */
  run(more?: Partial<KitParts>): Promise<KitResult>;
  close(): Promise<void>;
}

/** Realistic times: nothing takes effect immediately. */
const TIMES: Partial<Settings> = {
  ruleDelayMs: 8_000,
  ruleRemovalMs: 5_000,
  initiatingMs: 4_000,
  updatingMs: 6_000,
  activityLogDelayMs: 4 * MINUTE_MS,
  tokenLifeSeconds: 86_000,
};

export async function startKitBed(settings: Partial<Settings> = {}): Promise<KitBed> {
  let now = Date.parse('2026-11-21T09:00:00.000Z');
  const azure = await startAzure({ clock: () => now, settings: { ...TIMES, ...settings } });
  const vm = azure.addVm({ name: 'web-01', publicIp: '20.50.1.10', subnetNsg: true });
  const { arm, principal } = connectTo(azure);
  const second = connectTo(azure);
  second.principal.permissions = [{ actions: ALL_ACTIONS.filter((action) => action !== WRITE) }];
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) => {
      if (!signal.aborted) now += ms;
      return Promise.resolve();
    },
  };
  const id = parseVmId(vm.id);
  if (!id) throw new Error(`${vm.id} is no VM.`);
  return {
    ...{ azure, vm, principal },
    run: (more = {}) =>
      runKit({
        ...{ vm: id, port: 22, arm, second: second.arm, machine: systemClock, clock },
        ...{ signal: new AbortController().signal, log: () => undefined },
        ...{ networkWatcherId: undefined, outsidePlan: undefined },
        ...more,
      }),
    async close() {
      await azure.close();
      azure.assertNoViolations();
    },
  };
}
