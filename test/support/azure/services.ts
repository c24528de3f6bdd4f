import { createActivityRoutes } from './activity/activityRoutes';
import type { ActivityLog } from './activity/log';
import { logAction } from './activity/writer';
import { createCatalogueRoutes } from './arm/catalogue';
import { createFront } from './arm/front';
import type { AzureClock } from './clock';
import type { Assessments } from './defender/assessments';
import { compareWithDefinitions } from './definitions/compare';
import { createGraphRoutes } from './graph/graphRoutes';
import { createEcho, type EchoAnswer } from './echo';
import { plain, type Answer } from './http/answers';
import type { Incoming, Service } from './http/calls';
import type { ServerCertificate } from './http/certificates';
import { listen, type Known, type Listener, type Surroundings } from './http/listener';
import { createAssertions } from './identity/assertions';
import type { DevOps } from './identity/devops';
import { createEntra } from './identity/entra';
import { createImds } from './identity/imds';
import type { Principal } from './identity/principals';
import type { Tokens } from './identity/tokens';
import { createJitRoutes } from './jit/jitRoutes';
import type { JitService } from './jit/service';
import { createListRoutes } from './network/lists';
import { createNetworkRoutes } from './network/networkRoutes';
import type { Topology } from './network/topology';
import { createWatcherRoutes, type Watchers } from './network/watchers';
import type { Vm } from './network/vms';
import type { Settings } from './settings';

/** The state that the services share. */
export interface State {
  readonly clock: AzureClock;
  readonly settings: Settings;
  readonly principals: readonly Principal[];
  readonly tokens: Tokens;
  readonly topology: Topology;
  readonly watchers: Watchers;
  readonly jit: JitService;
  readonly assessments: Assessments;
  readonly activityLog: ActivityLog;
  readonly devOps: DevOps;
  readonly vms: readonly Vm[];
  /** Returns the current answer of the address service at this index. */
  readonly echoAnswer: (index: number) => EchoAnswer;
  readonly violate: (sentence: string) => void;
  readonly planTwoRefusal: (subscription: string, isInitiate: boolean) => Answer | undefined;
}

export type Listeners = Readonly<Record<Service, Listener>>;

const ECHOES = ['echo-1', 'echo-2', 'echo-3'] as const;

/** Starts every service on a port of its own, so that each can fail and be identified separately. */
export async function startServices(
  state: State,
  certificate: ServerCertificate,
  surroundings: Omit<Surroundings, 'strangerUrl'>,
): Promise<Listeners> {
  const { clock, settings, violate } = state;
  const shared = {
    ...state,
    now: () => clock.now(),
    armAudience: () => settings.armAudience,
    tokenLifeSeconds: () => settings.tokenLifeSeconds,
    hasManagedIdentity: () => settings.hasManagedIdentity,
  };
  const assertions = createAssertions({
    now: shared.now,
    refusesUsed: () => settings.refusesUsedAssertions,
    keyOf: (issuer) => (issuer.startsWith('https://') ? state.devOps.publicKey : undefined),
  });
  const stranger = await listen(
    'stranger',
    { ...surroundings, strangerUrl: () => '' },
    meetStranger(violate),
    certificate,
  );
  const around = { ...surroundings, strangerUrl: () => stranger.url };
  const start = (service: Service, identify: (request: Incoming) => Known): Promise<Listener> =>
    listen(service, around, identify, service === 'imds' ? undefined : certificate);
  const entra = await start('entra', createEntra({ ...shared, assertions }));
  const front = createFront({
    ...shared,
    routes: [
      ...createJitRoutes({ ...shared, service: state.jit, vms: () => state.vms }),
      ...createWatcherRoutes(state.topology, state.watchers, settings, shared.now, shared.violate),
      ...createNetworkRoutes(state.topology, settings, shared.now, shared.violate),
      ...createListRoutes(state.topology, settings),
      ...createCatalogueRoutes(state.topology, settings),
      ...createGraphRoutes(shared),
      ...createActivityRoutes(shared),
    ],
    authorityUrl: () => entra.url,
    pageSize: () => settings.pageSize,
    olderVersions: () => settings.olderVersions,
    onAnswer: (request, kind, answer) => {
      if (!settings.oddAnswers) compareWithDefinitions(request, kind, answer, violate);
    },
    onAction: (tried) => {
      logAction(state.activityLog, tried, shared.now());
    },
    hasSubscription: (id) => state.topology.hasSubscription(id),
    hasGroup: (subscription, name) => state.topology.hasGroup(subscription, name),
  });
  const [arm, devops, imds, ...echoes] = await Promise.all([
    start('arm', front),
    start('devops', (request) => state.devOps.identify(request)),
    start('imds', createImds(shared)),
    ...ECHOES.map((service, index) =>
      start(
        service,
        createEcho(() => state.echoAnswer(index), violate),
      ),
    ),
  ]);
  const [first, second, third] = echoes;
  if (!first || !second || !third) throw new Error('Three address services were to start.');
  return { stranger, entra, arm, devops, imds, 'echo-1': first, 'echo-2': second, 'echo-3': third };
}

const meetStranger =
  (violate: (sentence: string) => void) =>
  ({ method, path }: Incoming): Known => ({
    kind: 'unknown',
    answer: () => {
      violate(`A foreign server was asked ${method} ${path}.`);
      return plain(404, 'Nobody should call here.');
    },
  });
