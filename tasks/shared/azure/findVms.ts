import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { itemsIn, isJson, textIn } from '../core/json';
import type { CodedError } from '../core/errors';
import type { Limit } from '../core/limits';
import { parseVmId, toGroupId, type VmId } from '../core/resourceIds';
import { LINES_BEFORE_FILTER, toGraphQuery, type VmQuery } from '../core/vmQuery';
import { queryRefused, type QueryTrouble } from '../messages/vmQuery';
import { azureErrorOf, detailOf } from './azureErrors';
import { parseJson } from './parseJson';
import type { Arm } from './arm';
import { shapeOf } from './read/shape';
import { VM_RESOURCE } from './read/vm';
import { createReader } from './reader';
import { queryGraph } from './resourceGraph';

/** The result of a query. */
export interface FoundVms {
  /** Each VM once, in the order of the IDs: all of them, or the first ones if there are more than `maxVms`. */
  readonly vms: readonly VmId[];
  readonly total: number;
  /** The number of rows whose ID is not that of a VM that supports just-in-time access. */
  readonly strange: number;
}

/** Finds VMs by a filter. Throws a `CodedError`: JIT101 if Azure does not understand the filter. */
export type FindVms = (query: VmQuery, limit: Limit) => Promise<FoundVms>;

/** Returns a search with Azure Resource Graph, whose data is delayed: it can find deleted VMs, and miss new ones. */
export function createFindVms(arm: Arm): FindVms {
  const reader = createReader(arm);
  return async ({ filter, subscriptionIds, maxVms }, limit) => {
    const [only] = subscriptionIds;
    const scope = only !== undefined && subscriptionIds.length === 1 ? toGroupId(only) : '/';
    const call = {
      ...{ action: `${VM_RESOURCE.type}/read`, scope, sought: { noun: 'subscription', id: scope } },
      explain: (response: PipelineResponse) => explainRefusal(filter, response),
    };
    const question = { query: toGraphQuery(filter), subscriptionIds };
    const vms = new Map<string, VmId>();
    let [total, strange] = [0, 0];
    for await (const page of queryGraph(reader, question, call, limit)) {
      total = page.total;
      for (const row of page.rows) {
        const vm = parseVmId(shapeOf(row, 'Azure Resource Graph').text('id'));
        if (vm) vms.set(vm.key, vms.get(vm.key) ?? vm);
        else strange += 1;
      }
      if (total > maxVms) break;
    }
    return { vms: [...vms.values()], total: Math.max(total, vms.size), strange };
  };
}

/**
 * The codes for a query that Resource Graph does not understand. `InvalidQueryParameter` is about the URL of a call.
 */
const QUERY_CODES = /^(?:InvalidQuery(?!Parameter)|ParserFailure|UnknownFunction|Disallowed)/i;

/**
 * Returns JIT101 if Resource Graph says what it does not understand in the query, or `undefined` for other refusals.
 */
function explainRefusal(filter: string, response: PipelineResponse): CodedError | undefined {
  const azure = azureErrorOf(response);
  if (response.status !== 400 || !azure) return undefined;
  if (![azure, ...azure.details].some(({ code }) => QUERY_CODES.test(code))) return undefined;
  // The first details are the same for every wrong query.
  const specific = azure.details.findLast(saysMore) ?? azure;
  return queryRefused(filter, troubleIn(response), detailOf(response, { ...specific, details: [] }));
}

/** Whether a message says more than its code. */
const saysMore = ({ code, message }: { readonly code: string; readonly message: string }): boolean =>
  message !== '' && message !== code;

/**
 * Returns the first position that the details name, with the word that Resource Graph found or expected. Resource Graph
 * counts line and position in the complete query; the returned line counts within the filter (azure-powershell#13762,
 * aztfexport#485).
 */
function troubleIn({ bodyAsText }: PipelineResponse): QueryTrouble {
  const body = parseJson(bodyAsText);
  const error = isJson(body) && isJson(body['error']) ? body['error'] : {};
  const details = itemsIn(error, 'details').filter(isJson);
  const placed = details.find((detail) => Number(detail['line']) > LINES_BEFORE_FILTER);
  const named = details.find((detail) => textIn(detail, 'token') || textIn(detail, 'expectedToken'));
  const found = placed ?? named ?? {};
  const said = { code: textIn(found, 'code'), message: textIn(found, 'message') };
  return {
    line: placed && Number(placed['line']) - LINES_BEFORE_FILTER,
    position: placed && Number(placed['characterPositionInLine']),
    token: textIn(found, 'token'),
    expected: textIn(found, 'expectedToken'),
    code: said.code,
    message: saysMore(said) ? said.message : '',
  };
}
