import { isAbsence, kindOf } from '../core/codes';
import { CodedError, RefusedError } from '../core/errors';
import { CROWD } from '../core/crowd';
import { groupBy } from '../core/groupBy';
import { isJson, type Json } from '../core/json';
import type { Limit } from '../core/limits';
import { placeOf, toGroupId, type VmId } from '../core/resourceIds';
import { PRIMARY_NIC } from './read/nic';
import { PUBLIC_ADDRESS } from './read/publicAddress';
import { VM_RESOURCE } from './read/vm';
import { callForList, type Kind, type Reader } from './reader';

/** The types, in lower case, of which each VM has one resource. */
const LISTED = [VM_RESOURCE, PRIMARY_NIC, PUBLIC_ADDRESS].map(({ type }) => type.toLowerCase());

/** The VMs of one subscription. */
interface Crowd {
  readonly count: number;
  /** The VMs by resource group, in lower case. */
  readonly groups: ReadonlyMap<string, readonly VmId[]>;
}

/** The items of a list as Azure returned them, by ID in lower case. */
type Bodies = Map<string, Json>;

/**
 * Returns a reader for one read of many VMs. It reads nothing twice, and failures are remembered too. For a
 * subscription with more than `CROWD` VMs, it reads VMs, network interfaces, and public addresses from lists, where
 * each VM alone would take three calls. The lists are of the subscription, or of its resource groups if the identity is
 * not allowed to list the subscription. A list is read up to one page for each VM. Anything that is not in these pages
 * is read by its ID. A value is as old as its first read.
 */
export function readCrowd(reader: Reader, vms: readonly VmId[]): Reader {
  const crowds = new Map<string, Crowd>();
  for (const [subscription, own] of groupBy(vms, ({ subscriptionId }) => subscriptionId.toLowerCase())) {
    const groups = groupBy(own, ({ resourceGroup }) => resourceGroup.toLowerCase());
    if (own.length > CROWD) crowds.set(subscription, { count: own.length, groups });
  }
  const [rememberList, rememberOne] = [createMemory<Bodies>(), createMemory<unknown>()];
  const bodiesOf = <T>(kind: Kind<T>, subscription: string, crowd: Crowd, limit: Limit): Promise<Bodies> =>
    rememberList(kind.type, subscription, () => listCrowd(reader, kind, subscription, crowd, limit));
  const statesOf = (subscription: string, { count }: Crowd, limit: Limit): Promise<Bodies> =>
    rememberList('power states', subscription, () =>
      listScope(reader, VM_RESOURCE, toGroupId(subscription), count, limit, { statusOnly: 'true' }),
    );

  /** Returns the resource as a list has it, or `undefined` if no list has it. */
  const listed = async <T>(kind: Kind<T>, id: string, limit: Limit): Promise<Json | undefined> => {
    const subscription = placeOf(id)?.subscriptionId.toLowerCase() ?? '';
    const crowd = crowds.get(subscription);
    if (!crowd || !LISTED.includes(kind.type.toLowerCase())) return undefined;
    const [bodies, states] = await Promise.all([
      bodiesOf(kind, subscription, crowd, limit),
      // Only the list of the subscription has the power states. No run depends on them.
      kind.query === undefined ? undefined : statesOf(subscription, crowd, limit).catch(unlessBug),
    ]);
    const key = id.toLowerCase();
    const body = bodies.get(key);
    // The result is remembered for its kind, so the bodies, which can be thousands, are not kept too.
    bodies.delete(key);
    return body && withState(body, states?.get(key));
  };
  const get = async <T>(kind: Kind<T>, id: string, limit: Limit): Promise<T> => {
    const body = await listed(kind, id, limit);
    try {
      if (body) return kind.read(body, id);
    } catch (error) {
      // A list might omit fields that the response for the resource itself has.
      if (!(error instanceof CodedError)) throw error;
    }
    return reader.get(kind, id, limit);
  };
  return {
    ...reader,
    get: <T>(kind: Kind<T>, id: string, limit: Limit) =>
      rememberOne(kind, id.toLowerCase(), () => get(kind, id, limit)) as Promise<T>,
  };
}

/** Returns a function that remembers each read by kind and key, including failed reads. */
function createMemory<T>() {
  const known = new Map<unknown, Map<string, Promise<T>>>();
  return (kind: unknown, key: string, read: () => Promise<T>): Promise<T> => {
    const ofKind = known.get(kind) ?? new Map<string, Promise<T>>();
    known.set(kind, ofKind);
    const reading = ofKind.get(key) ?? read();
    ofKind.set(key, reading);
    return reading;
  };
}

/**
 * Lists the subscription, or the only resource group of the VMs. If a subscription cannot be listed, lists its groups.
 */
async function listCrowd<T>(
  reader: Reader,
  kind: Kind<T>,
  subscription: string,
  { count, groups }: Crowd,
  limit: Limit,
): Promise<Bodies> {
  const names = [...groups.keys()];
  const only = names.length === 1 ? names[0] : undefined;
  try {
    return await listScope(reader, kind, toGroupId(subscription, only), count, limit);
  } catch (error) {
    if (!isOfThisList(error)) throw error;
  }
  if (only !== undefined) return new Map();
  const lists = await Promise.all(
    [...groups].map(async ([group, own]) => {
      if (own.length === 1) return noBodies();
      try {
        return await listScope(reader, kind, toGroupId(subscription, group), own.length, limit);
      } catch (error) {
        if (!isOfThisList(error)) throw error;
        return noBodies();
      }
    }),
  );
  return new Map(lists.flatMap((bodies) => [...bodies]));
}

const noBodies = (): Bodies => new Map();

function unlessBug(error: unknown): Bodies {
  if (!(error instanceof CodedError)) throw error;
  return noBodies();
}

/** Whether reading a single resource might succeed where the list failed: the list was refused or is invalid. */
const isOfThisList = (error: unknown): boolean =>
  error instanceof RefusedError ||
  (error instanceof CodedError && (isAbsence(error) || kindOf(error) === 'senselessAnswer'));

/** Reads a list, at most `most` pages. */
async function listScope<T>(
  reader: Reader,
  kind: Kind<T>,
  scope: string,
  most: number,
  limit: Limit,
  query?: Readonly<Record<string, string>>,
): Promise<Bodies> {
  const bodies: Bodies = new Map();
  const url = reader.url(`${scope}/providers/${kind.type}`, kind.service, query);
  let pages = 0;
  for await (const page of reader.pages(url, callForList(kind, scope), limit)) {
    for (const item of page) {
      if (isJson(item) && typeof item['id'] === 'string') bodies.set(item['id'].toLowerCase(), item);
    }
    pages += 1;
    if (pages === most) break;
  }
  return bodies;
}

/** Returns a VM with its instance view from the list of power states. */
function withState(body: Json, state: Json | undefined): Json {
  const properties = isJson(body['properties']) ? body['properties'] : {};
  const view = state && isJson(state['properties']) ? state['properties']['instanceView'] : undefined;
  return view === undefined ? body : { ...body, properties: { ...properties, instanceView: view } };
}
