import type { PipelineResponse } from '@azure/core-rest-pipeline';
import type {
  NetworkWatcher,
  VerificationIPFlowParameters,
  VerificationIPFlowResult,
} from '@azure/arm-network';
import type { Arm } from '../../../../shared/azure/arm';
import { parseJson } from '../../../../shared/azure/parseJson';
import { failureOf, toFailure } from '../../../../shared/azure/failures';
import { flat } from '../../../../shared/azure/read/json';
import { oneOf } from '../../../../shared/azure/read/lenient';
import { shapeOf } from '../../../../shared/azure/read/shape';
import { callFor, createReader, type Kind } from '../../../../shared/azure/reader';
import { VERIFY_FLOW } from '../../../../shared/azure/readingOperations';
import { addressOf, toRequest } from '../../../../shared/azure/request';
import { retryAfterMs } from '../../../../shared/azure/retry';
import type { Clock, Limit } from '../../../../shared/core/limits';
import { parseResourceId, toGroupId, type VmId } from '../../../../shared/core/resourceIds';
import { notInTime, senselessAnswer, waitTooLong } from '../../../../shared/messages/failures';
import type { FlowVerdict } from '../plan/flowVerdict';

/** A network watcher. Azure creates one for each region of a subscription. */
export interface Watcher {
  readonly id: string;
  /** Such as `westeurope`. */
  readonly location: string;
}

/** Traffic from one address to one port of a VM. */
export interface FlowToVerify {
  readonly vm: VmId;
  readonly nicId: string;
  readonly privateIpAddress: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly source: string;
}

/**
 * Queries IP flow verify of Network Watcher. Every method throws a `CodedError`: a `RefusedError` if Azure refuses the
 * call permanently, and a `ForbiddenError` if a right is missing.
 */
export interface FlowGateway {
  /** Lists the network watchers of a subscription, from all pages. */
  listWatchers(subscriptionId: string, limit: Limit): Promise<readonly Watcher[]>;
  /**
   * Returns Azure's result for the traffic. Azure refuses a VM that is not running. Throws JIT601 if Azure requests a
   * longer pause than the time that is left.
   */
  verify(watcherId: string, flow: FlowToVerify, limit: Limit): Promise<FlowVerdict>;
}

/** A network watcher in the list of a subscription. */
const WATCHER: Kind<Watcher> = {
  type: 'Microsoft.Network/networkWatchers',
  noun: 'network watcher',
  service: 'network',
  read(body) {
    const shape = shapeOf<NetworkWatcher>(flat(body, 'A network watcher'), 'A network watcher');
    return { id: shape.text('id'), location: shape.text('location') };
  },
};

/** Reading the result of an operation requires a right of its own (docs: "Azure permissions for Networking"). */
const OPERATION_RESULT = 'Microsoft.Network/locations/operationResults/read';

/**
 * The pause between two reads of the result if Azure requests no longer one: two seconds. One recorded result arrived
 * after ten seconds.
 */
const PAUSE_MS = 2000;

/** Creates the gateway to Network Watcher through Azure Resource Manager. */
export function createFlowGateway(arm: Arm, clock: Clock): FlowGateway {
  const reader = createReader(arm);
  return {
    listWatchers: (subscriptionId, limit) => reader.all(WATCHER, toGroupId(subscriptionId), limit),

    /** https://learn.microsoft.com/rest/api/network-watcher/network-watchers/verify-ip-flow */
    async verify(watcherId, flow, limit) {
      const parsed = parseResourceId(watcherId);
      if (!parsed)
        throw senselessAnswer('Azure Resource Manager', `${watcherId} is not the ID of a network watcher`);
      const call = callFor({ ...WATCHER, action: `${WATCHER.type}/${VERIFY_FLOW}/action` }, watcherId);
      const reading = {
        ...call,
        what: `The result of IP flow verify by the network watcher ${watcherId}`,
        ...{ action: OPERATION_RESULT, scope: toGroupId(parsed.subscriptionId) },
      };
      const url = addressOf(arm.url, `${parsed.id}/${VERIFY_FLOW}`, WATCHER.service);
      let asked = call;
      try {
        let response = await arm.send(toRequest({ method: 'POST', url, body: toBody(flow) }, limit));
        while (response.status === 202) {
          asked = reading;
          const next = locationOf(response, call.what);
          const requested = retryAfterMs(response) ?? 0;
          if (requested > limit.remainingMs()) throw waitTooLong(call.what, requested, false);
          await clock.sleep(Math.max(requested, PAUSE_MS), limit.signal);
          if (limit.signal.aborted) throw notInTime('The result of IP flow verify');
          response = await arm.send(toRequest({ url: next }, limit));
        }
        if (response.status !== 200) throw failureOf(response, asked);
        return toVerdict(parseJson(response.bodyAsText), call.what);
      } catch (error) {
        throw toFailure(error, asked);
      }
    },
  };
}

/** Returns the URL for the next read. Each response has a new one, with a new signature (recorded in 2025). */
function locationOf({ headers }: PipelineResponse, what: string): string {
  const location = headers.get('location') ?? '';
  if (!URL.canParse(location)) throw senselessAnswer(what, 'no address to read its result from');
  return location;
}

/** Ports are strings, and the client can use any port. */
const toBody = (flow: FlowToVerify): Readonly<Record<keyof VerificationIPFlowParameters, string>> => ({
  targetResourceId: flow.vm.id,
  targetNicResourceId: flow.nicId,
  direction: 'Inbound',
  protocol: flow.protocol,
  localPort: String(flow.port),
  remotePort: '*',
  localIPAddress: flow.privateIpAddress,
  remoteIPAddress: flow.source,
});

function toVerdict(body: unknown, what: string): FlowVerdict {
  const shape = shapeOf<VerificationIPFlowResult>(body, what);
  const access = oneOf(shape.text('access'), ['Allow', 'Deny'] as const);
  if (!access) throw senselessAnswer(what, `the access ${shape.text('access')}`);
  const ruleName = shape.optionalText('ruleName');
  return { access, ...(ruleName && { ruleName }) };
}
