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

/** What there is one of for each VM. */
const LISTED = [VM_RESOURCE, PRIMARY_NIC, PUBLIC_ADDRESS].map(({ type }) => type.toLowerCase());

/** The VMs of one subscription. */
interface Crowd {
  readonly count: number;
  /** The keys of the VMs, for each of their resource groups. */
  readonly groups: ReadonlyMap<string, readonly VmId[]>;
}

/** What a list has, as Azure gave it, by ids in lower case. */
type Bodies = Map<string, Json>;

/**
 * The same reader for one look at many VMs: nothing is read twice, and VMs, network interfaces and public addresses of a
 * subscription with more than `CROWD` VMs come out of lists, where each alone would take three calls: of the subscription, or of its groups where it may not be
 * listed as a whole. What no list has is read by its id, and so is everything where the lists have more pages than there
 * are VMs. What it gives is as old as the first reading of it.
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

  /** One thing as a list has it; nothing where none does. */
  const listed = async <T>(kind: Kind<T>, id: string, limit: Limit): Promise<Json | undefined> => {
    const subscription = placeOf(id)?.subscriptionId.toLowerCase() ?? '';
    const crowd = crowds.get(subscription);
    if (!crowd || !LISTED.includes(kind.type.toLowerCase())) return undefined;
    const [bodies, states] = await Promise.all([
      bodiesOf(kind, subscription, crowd, limit),
      // Only a list of the whole subscription tells them; no run depends on them.
      kind.query === undefined ? undefined : statesOf(subscription, crowd, limit).catch(unlessBug),
    ]);
    const key = id.toLowerCase();
    const body = bodies.get(key);
    // Whoever asks once more for the same kind gets what was made of it; thousands of answers are not kept beside that.
    bodies.delete(key);
    return body && withState(body, states?.get(key));
  };
  const get = async <T>(kind: Kind<T>, id: string, limit: Limit): Promise<T> => {
    const body = await listed(kind, id, limit);
    try {
      if (body) return kind.read(body, id);
    } catch (error) {
      // A list may leave out what a thing's own answer has.
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

/** Remembers what is read of each kind, also that it could not be read. */
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

/** The list of the subscription, or of the one group that all VMs are in; where that is refused, of each group. */
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

/** Whether a single reading may succeed where a list failed: it was refused, or makes no sense. */
const isOfThisList = (error: unknown): boolean =>
  error instanceof RefusedError ||
  (error instanceof CodedError && (isAbsence(error) || kindOf(error) === 'senselessAnswer'));

/** A list, as far as it has no more pages than `most`. */
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

/** A VM with the instance view that the list of states has of it. */
function withState(body: Json, state: Json | undefined): Json {
  const properties = isJson(body['properties']) ? body['properties'] : {};
  const view = state && isJson(state['properties']) ? state['properties']['instanceView'] : undefined;
  return view === undefined ? body : { ...body, properties: { ...properties, instanceView: view } };
}
