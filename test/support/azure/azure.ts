import type { AzureOptions, SimulatedAzure } from './simulatedAzure';
import { createClock } from './clock';
import { createActivityLog } from './activity/log';
import { logMade } from './activity/writer';
import { createAssessments } from './defender/assessments';
import type { EchoAnswer, EchoService } from './echo';
import { armError, type Answer } from './http/answers';
import {
  processAuthority,
  SERVER_NAMES,
  untrustedAuthority,
  type ServerCertificate,
} from './http/certificates';
import { createFaults, type Target } from './http/faults';
import { createRecords } from './http/records';
import { createDevOps, createJob, ORGANIZATION } from './identity/devops';
import { createPrincipal, type Principal } from './identity/principals';
import { createTokens } from './identity/tokens';
import { createJitService } from './jit/service';
import { describeMany, logMany } from './many';
import { addAdminRule } from './network/adminRules';
import { addFirewall } from './network/firewalls';
import { createTopology } from './network/topology';
import { createVm, type NewVm, type Vm } from './network/vms';
import { addWatcher, type Watchers } from './network/watchers';
import { ensureSubnet, peerVnets, requireVnet } from './network/vnets';
import { startServices } from './services';
import { defaultSettings, type Settings } from './settings';

function certificateFor(wanted: AzureOptions['certificate']): ServerCertificate {
  if (wanted === 'untrusted') return untrustedAuthority().issueServer(SERVER_NAMES);
  if (wanted === 'wrong-name') return processAuthority().issueServer(['elsewhere.azure.test']);
  return processAuthority().issueServer(SERVER_NAMES, wanted === 'expired' ? 0.5 : 30);
}

function createPlanTwo() {
  const off = new Map<string, 'initiate' | 'everything'>();
  return {
    off,
    refusal(subscription: string, isInitiate: boolean): Answer | undefined {
      const reach = off.get(subscription.toLowerCase());
      if (!reach || (reach === 'initiate' && !isInitiate)) return undefined;
      const what = `Subscription '${subscription}' is not covered by Microsoft Defender for Servers Plan 2.`;
      return armError(403, 'SubscriptionPricingTierNotSupported', what);
    },
  };
}

/**
 * Starts an empty simulated Azure. Close it at the end of the test, after `assertNoViolations()`.
 *
 * Every service listens on a port of its own on 127.0.0.1. All state is computed from the clock when it is read, so
 * that no test has to wait: requests, rules, and tokens change when `advance` or the test's own clock moves time
 * forward.
 */
export async function startAzure(options: AzureOptions = {}): Promise<SimulatedAzure> {
  const settings: Settings = { ...defaultSettings(), ...options.settings };
  const clock = createClock(options.clock ?? (() => Date.now()), () => settings.clockSkewMs);
  const now = (): number => clock.now();
  const records = createRecords();
  const faults = createFaults();
  const violate = (sentence: string): void => {
    records.violate(sentence);
  };
  const tokens = createTokens(now);
  const topology = createTopology(now, settings);
  const watchers: Watchers = new Map();
  const activityLog = createActivityLog(settings, now);
  const assessments = createAssessments(settings);
  const jit = createJitService(topology, settings, now, (made) => {
    logMade(activityLog, made);
  });
  const job = createJob();
  tokens.register(job.accessToken, 'the job');
  const onToken = (token: string): void => {
    tokens.register(token, 'OIDC token');
  };
  const devOps = createDevOps({ job, now, violate, onToken });
  const planTwo = createPlanTwo();
  const principals: Principal[] = [];
  const vms: Vm[] = [];
  const echoAnswers: EchoAnswer[] = [1, 2, 3].map(() => ({
    text: `${settings.seenAddress}
`,
  }));
  const echoAnswer = (index: number): EchoAnswer => echoAnswers[index] ?? 'empty';
  const planTwoRefusal = planTwo.refusal.bind(planTwo);
  const state = {
    clock,
    settings,
    principals,
    tokens,
    topology,
    watchers,
    jit,
    assessments,
    activityLog,
    devOps,
    vms,
    echoAnswer,
    violate,
    planTwoRefusal,
  };
  const surroundings = {
    records,
    now,
    take: (target: Target) => faults.take(target),
    nameOf: (header: string) => tokens.nameOf(header),
  };
  const listeners = await startServices(state, certificateFor(options.certificate), surroundings);
  const echo = (['echo-1', 'echo-2', 'echo-3'] as const).map((name, index): EchoService => ({
    url: `${listeners[name].url}/ip`,
    get answer() {
      return echoAnswer(index);
    },
    set answer(answer) {
      echoAnswers[index] = answer;
    },
  }));

  function addVm(wanted: NewVm): Vm {
    const vm = createVm(wanted, topology, vms.length + 1);
    vms.push(vm);
    return vm;
  }

  return {
    ...records,
    url: listeners.arm.url,
    authorityUrl: listeners.entra.url,
    collectionUrl: `${listeners.devops.url}/${ORGANIZATION}/`,
    oidcUrl: listeners.devops.url + devOps.oidcPath,
    job,
    imdsUrl: listeners.imds.url,
    caFile: processAuthority().caFile,
    caPem: processAuthority().caPem,
    echo,
    echoUrls: echo.map(({ url }) => url),
    settings,
    faults,
    now,
    advance: (ms) => {
      clock.advance(ms);
    },
    addPrincipal(wanted = {}) {
      const principal = createPrincipal(wanted, principals.length + 1);
      principals.push(principal);
      return principal;
    },
    addConnection({
      id,
      issuer = `${listeners.devops.url}/${ORGANIZATION}`,
      subject = `sc://contoso/project/${id}`,
    }) {
      devOps.addConnection(id, { issuer, subject });
      return { issuer, subject };
    },
    addGroup: (subscriptionId, name) => {
      topology.addGroup(subscriptionId, name);
    },
    addVm,
    addManyVms: (wanted) => describeMany(wanted).map(addVm),
    removeVm: (vm) => {
      topology.remove(vm.id);
    },
    addFirewall: (wanted) => addFirewall(wanted, topology),
    peerNetworks: (one, other, fields) => {
      peerVnets(requireVnet(one.vnetId, topology), requireVnet(other.vnetId, topology), fields);
    },
    addAdminRule: (vm, rule) => {
      if (rule.properties) settings.oddAnswers = true;
      addAdminRule(requireVnet(vm.vnetId, topology), rule);
    },
    addWatcher: (wanted = {}) => addWatcher(wanted, topology, watchers),
    addGateway: (vm) => {
      ensureSubnet(vm, { vnet: requireVnet(vm.vnetId, topology).name, subnet: 'GatewaySubnet' }, topology);
    },
    addPolicy: (wanted) => jit.add(wanted),
    removePolicy: (name) => {
      for (const policy of jit.policies.filter((one) => one.name === name)) jit.remove(policy);
    },
    addAssessment: (wanted) => {
      assessments.add(wanted);
    },
    addActivity: (wanted) => {
      if (wanted.wire) settings.oddAnswers = true;
      activityLog.add(wanted);
    },
    addManyActivities: (wanted) => {
      logMany(activityLog, wanted, now());
    },
    nsg(id) {
      const found = topology.securityGroup(id);
      if (!found) throw new Error(`There is no security group ${id}.`);
      return found;
    },
    setEcho(answer) {
      for (const service of echo) service.answer = answer;
    },
    planTwoOff: (subscriptionId, reach = 'initiate') =>
      void planTwo.off.set(subscriptionId.toLowerCase(), reach),
    revokeTokens: () => {
      tokens.revokeAll();
    },
    secrets: () => [...tokens.texts(), ...principals.flatMap(({ secret }) => secret ?? [])],
    stop: (service) => listeners[service].close(),
    close: async () => {
      await Promise.all(Object.values(listeners).map((listener) => listener.close()));
    },
  };
}
