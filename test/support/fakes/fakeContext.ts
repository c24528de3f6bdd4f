import { confirmAbsence } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/gone';
import type { EchoAnswer } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/echo';
import type { Context } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/context';
import type { ProbeAnswer } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/host/probe';
import type { Log } from '../../../tasks/shared/core/log';
import type { Settings } from '../azure';
import { createFakeAzure, type FakeAzure } from './fakeAzure';
import { createVirtualClock, type VirtualClock } from './virtualClock';

/** When Azure's clock starts, on an arbitrary day. */
export const START = Date.parse('2026-11-21T09:00:00.000Z');

/** The agent's default public address. */
export const AGENT = '20.50.1.7';

export interface LogEntry {
  readonly kind: 'line' | 'warning' | 'group' | 'endGroup' | 'progress';
  readonly text: string;
  /** Milliseconds of the virtual clock. */
  readonly atMs: number;
}

/** The answer of each address service on each route: text, or undefined for a failure. */
export interface FakeServices {
  direct: readonly (string | undefined)[];
  proxy: readonly (string | undefined)[];
  hasProxy: boolean;
  readonly asked: { readonly services: readonly string[]; readonly route: 'direct' | 'proxy' }[];
}

export interface FakeProbe {
  /** One for each attempt. The last one is repeated. A silent attempt takes five seconds. */
  answers: ProbeAnswer[];
  readonly tried: { readonly host: string; readonly port: number }[];
}

/** A complete context in memory, on a virtual clock. */
export interface FakeContext extends Context {
  readonly clock: VirtualClock;
  readonly azure: FakeAzure;
  readonly services: FakeServices;
  readonly ports: FakeProbe;
  readonly entries: readonly LogEntry[];
  /** Returns the texts of one kind. */
  texts(kind: LogEntry['kind']): readonly string[];
  cancel(): void;
}

export function createFakeContext(settings: Partial<Settings> = {}): FakeContext {
  const clock = createVirtualClock();
  const azure = createFakeAzure(() => START + clock.now(), settings);
  const cancelled = new AbortController();
  const entries: LogEntry[] = [];
  const services: FakeServices = {
    direct: [AGENT, AGENT, AGENT],
    proxy: [undefined, undefined, undefined],
    hasProxy: false,
    asked: [],
  };
  const ports: FakeProbe = { answers: ['open'], tried: [] };
  return {
    azure,
    jit: confirmAbsence(azure.jit),
    network: azure.network,
    findVms: azure.findVms,
    flows: azure.flows,
    rights: azure.rights,
    hosts: [],
    signIn: { kind: 'federated', tenantId: azure.principal.tenantId, clientId: azure.principal.clientId },
    clock,
    services,
    ports,
    entries,
    texts: (kind) => entries.filter((entry) => entry.kind === kind).map(({ text }) => text),
    log: recordLog(entries, clock),
    signal: cancelled.signal,
    cancel: () => {
      cancelled.abort();
    },
    publicAddress: {
      get hasProxy() {
        return services.hasProxy;
      },
      query: (requested, way) => {
        services.asked.push({ services: requested, route: way });
        return Promise.resolve(requested.map((service, index) => toAnswer(service, services[way][index])));
      },
    },
    probe: {
      async connect(host, port, limit) {
        ports.tried.push({ host, port });
        const answer = (ports.answers.length > 1 ? ports.answers.shift() : ports.answers[0]) ?? 'silent';
        if (answer === 'silent') await clock.sleep(Math.min(5000, limit.remainingMs()), limit.signal);
        return answer;
      },
    },
  };
}

const toAnswer = (service: string, text: string | undefined): EchoAnswer =>
  text === undefined ? { service, kind: 'failure', reason: 'ECONNREFUSED' } : { service, kind: 'text', text };

function recordLog(entries: LogEntry[], clock: VirtualClock): Log {
  const note =
    (kind: LogEntry['kind']) =>
    (text: string): void => {
      entries.push({ kind, text, atMs: clock.now() });
    };
  return {
    line: note('line'),
    warning: note('warning'),
    group: note('group'),
    endGroup: () => {
      note('endGroup')('');
    },
    progress: (percent, doing) => {
      note('progress')(`${percent} ${doing}`);
    },
  };
}
