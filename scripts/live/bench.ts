import type { Arm } from '../../tasks/shared/azure/arm';
import { itemsIn, isJson, textIn, type Json } from '../../tasks/shared/core/json';
import { withLimit, type Clock, type Limit } from '../../tasks/shared/core/limits';
import type { SecurityRule } from '../../tasks/shared/core/network';
import { toGroupId, toPolicyId, type VmId } from '../../tasks/shared/core/resourceIds';
import type { NetworkGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import type { Answer, Caller } from './azure';
import { Unsettled } from './experiment';
import type { UndoList } from './undo';

/** The VM for the kit, the security groups that filter its traffic, and other named resources. */
export interface Target {
  readonly vm: VmId;
  readonly location: string;
  readonly privateAddress: string | undefined;
  readonly groups: readonly { readonly at: 'nic' | 'subnet'; readonly id: string }[];
  readonly networkWatcherId: string | undefined;
  /** A VM that Defender's plan does not cover. */
  readonly outsidePlan: VmId | undefined;
}

/** One port of one request in the policy, in Azure's spelling. */
export interface Entry {
  readonly startTimeUtc: string;
  readonly vmId: string;
  readonly port: number;
  readonly sources: readonly string[];
  readonly endTimeUtc: string;
  readonly status: string;
  readonly reason: string;
}

/** A rule, with its location. */
export interface PlacedRule {
  readonly at: 'nic' | 'subnet';
  readonly groupId: string;
  readonly rule: SecurityRule;
}

/** The values of a request for one port. Omitted values are not sent. */
export interface PortWish {
  readonly port: number;
  readonly source?: string;
  readonly sources?: readonly string[];
  /** Milliseconds from now. */
  readonly endInMs?: number;
  readonly duration?: string;
  /** The default is the VM of the kit. */
  readonly vmId?: string;
}

/** The temporary policy, its VM, and the operations of experiments. */
export interface Bench extends Caller {
  readonly target: Target;
  readonly policyId: string;
  readonly arm: Arm;
  readonly network: NetworkGateway;
  readonly clock: Clock;
  /** What must be undone at the end in any case. */
  readonly undo: UndoList;
  /** The same calls with a second identity, if there is one. */
  readonly second: Pick<Bench, 'request'> | undefined;
  /** Runs a read operation of the product with a limit. */
  limited<T>(work: (limit: Limit) => Promise<T>): Promise<T>;
  /** Requests access to one port. */
  request(wish: PortWish, justification?: string): Promise<Answer>;
  /** Requests access, and throws `Unsettled` unless Azure accepts it. */
  open(wish: PortWish, justification?: string): Promise<Answer>;
  readPolicy(): Promise<Json>;
  entries(): Promise<readonly Entry[]>;
  rules(): Promise<readonly PlacedRule[]>;
  /** Returns the allow rules for one port with exactly this source. */
  allowRules(port: number, source: string): Promise<readonly PlacedRule[]>;
  /**
   * Checks until there is a result or the time is over. Returns the result, and after how many milliseconds it was
   * found.
   */
  until<T>(longestMs: number, check: () => Promise<T | undefined>): Promise<Found<T> | undefined>;
}

export interface Found<T> {
  readonly value: T;
  readonly afterMs: number;
}

const EVERY_MS = 2000;
const READING_MS = 60_000;

export interface BenchParts {
  readonly target: Target;
  readonly policyName: string;
  readonly arm: Arm;
  readonly network: NetworkGateway;
  readonly caller: Caller;
  readonly secondCaller: Caller | undefined;
  readonly undo: UndoList;
  /** The machine's own clock, which limits the duration of read operations. */
  readonly machine: Clock;
  /** The clock with which experiments wait and measure. */
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export function createBench(parts: BenchParts): Bench {
  const { target, arm, network, caller, machine, clock, signal } = parts;
  const { vm, location } = target;
  const policyId = toPolicyId(vm.subscriptionId, vm.resourceGroup, location, parts.policyName);
  const limited: Bench['limited'] = (work) => withLimit(machine, signal, READING_MS, work);

  const requestBy =
    (by: Caller): Bench['request'] =>
    (wish, justification = 'An experiment of the live kit.') =>
      by.ask('POST', `${policyId}/initiate`, 'jit', { virtualMachines: [toVm(wish)], justification });
  const request = requestBy(caller);
  const toVm = ({ port, source, sources, endInMs, duration, vmId = vm.id }: PortWish): Json => ({
    id: vmId,
    ports: [
      {
        number: port,
        ...(source !== undefined && { allowedSourceAddressPrefix: source }),
        ...(sources && { allowedSourceAddressPrefixes: sources }),
        ...(endInMs !== undefined && { endTimeUtc: new Date(arm.azureNow() + endInMs).toISOString() }),
        ...(duration !== undefined && { duration }),
      },
    ],
  });

  const readPolicy = async (): Promise<Json> => {
    const answer = await caller.ask('GET', policyId, 'jit');
    if (answer.status === 200) return answer.body;
    throw new Unsettled(`The policy could not be read: ${String(answer.status)} ${answer.code}.`);
  };
  const rules: Bench['rules'] = async () => {
    const read = target.groups.map(async ({ at, id }) => {
      const group = await limited((limit) => network.getSecurityGroup(id, limit));
      return group.rules.map((rule) => ({ at, groupId: id, rule }));
    });
    return (await Promise.all(read)).flat();
  };

  return {
    ...{ target, policyId, arm, network, clock, limited, request, readPolicy, rules, undo: parts.undo },
    second: parts.secondCaller && { request: requestBy(parts.secondCaller) },
    ask: (...call) => caller.ask(...call),
    async open(wish, justification) {
      const answer = await request(wish, justification);
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw new Unsettled(
        `A request that should be accepted was not: ${String(answer.status)} ${answer.code}.`,
      );
    },
    entries: async () => toEntries(await readPolicy()),
    allowRules: async (port, source) =>
      (await rules()).filter(
        ({ rule }) =>
          rule.access === 'Allow' &&
          rule.direction === 'Inbound' &&
          rule.destinationPorts.includes(String(port)) &&
          rule.sources.length === 1 &&
          rule.sources[0]?.text.replace(/\/32$/, '') === source,
      ),
    async until(longestMs, check) {
      const startedAt = clock.now();
      for (;;) {
        const value = await check();
        const afterMs = clock.now() - startedAt;
        if (value !== undefined) return { value, afterMs };
        signal.throwIfAborted();
        if (afterMs >= longestMs) return undefined;
        await clock.sleep(EVERY_MS, signal);
      }
    },
  };
}

/** Returns the ports of all requests in a policy, or in a response to a request. */
export function toEntries(body: Json): readonly Entry[] {
  const properties = isJson(body['properties']) ? body['properties'] : body;
  const requests = 'requests' in properties ? itemsIn(properties, 'requests') : [body];
  return requests.filter(isJson).flatMap((request) =>
    itemsIn(request, 'virtualMachines')
      .filter(isJson)
      .flatMap((vm) =>
        itemsIn(vm, 'ports')
          .filter(isJson)
          .map((port) => ({
            startTimeUtc: textIn(request, 'startTimeUtc'),
            vmId: textIn(vm, 'id'),
            port: Number(port['number']),
            sources: sourcesOf(port),
            endTimeUtc: textIn(port, 'endTimeUtc'),
            status: textIn(port, 'status'),
            reason: textIn(port, 'statusReason'),
          })),
      ),
  );
}

function sourcesOf(port: Json): readonly string[] {
  const one = textIn(port, 'allowedSourceAddressPrefix');
  return one !== '' ? [one] : itemsIn(port, 'allowedSourceAddressPrefixes').map(String);
}

export const isActive = ({ status }: Entry): boolean => /^initiat(ing|ed)$/i.test(status);

/** Returns the path of the list of policies in a subscription or a resource group. */
export const policiesIn = (subscriptionId: string, resourceGroup?: string): string =>
  `${toGroupId(subscriptionId, resourceGroup)}/providers/Microsoft.Security/jitNetworkAccessPolicies`;
