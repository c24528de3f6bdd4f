import { endOf, withLimit, type Limit } from '../../../../shared/core/limits';
import { CodedError } from '../../../../shared/core/errors';
import type { VmNetwork } from '../../../../shared/core/network';
import type { Flow } from '../../../../shared/core/nsg/verdict';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { Watcher } from '../azure/flowGateway';
import type { Context } from '../context';
import * as say from '../messages/verdicts';
import { watcherIn, type AddressVerdict, type QueriedAddress, type FlowDoubt } from '../plan/flowVerdict';
import { isLasting } from './readOften';

/** One port of a VM, with its network as it was read. */
export interface Subject {
  readonly vm: VmId;
  /** The region of the VM and of its policy: a policy has only VMs of its own region. */
  readonly region: string;
  readonly nicId: string | undefined;
  readonly network: VmNetwork;
  readonly flow: Flow;
}

/** What is kept between rounds: which queries are in progress, and whether Azure returns results. */
export interface VerdictMemory {
  /**
   * Returns the IP flow verify results for what the rules leave undecided. Returns `undefined` if there is no result,
   * or while the query is in progress: then the next round checks again. Rejects only with bugs.
   */
  query(
    subject: Subject,
    doubt: Exclude<FlowDoubt, { kind: 'none' }>,
    limit: Limit,
  ): Promise<readonly AddressVerdict[] | undefined>;
}

/** How long and how often to try to get a result. Times are in milliseconds. */
export interface Patience {
  /** How long a round waits for a result. */
  readonly roundMs: number;
  /** How long a query can take. */
  readonly answerMs: number;
  /** The number of temporary errors after which Azure is no longer queried about this VM. */
  readonly failures: number;
}

/** A wait continues with other ports in the meantime. A result takes ten seconds or more. */
export const WAITING: Patience = { roundMs: 3000, answerMs: 30_000, failures: 2 };
/** The post-job step has forty seconds for everything. */
export const CLOSING: Patience = { roundMs: 12_000, answerMs: 12_000, failures: 1 };

/** A query that is in progress, or has just ended. */
interface Query {
  /** The rules and the addresses that it is about. */
  readonly about: string;
  answer: Promise<void>;
  isOver: boolean;
  /** Ends the query. Its failure does not count. */
  drop(): void;
  verdicts?: readonly AddressVerdict[] | undefined;
}

/**
 * Creates the memory that queries IP flow verify, and keeps the latest query for each port of a VM.
 *
 * @param note called once with each sentence: results, and why there is none
 */
export function rememberVerdicts(
  { flows, clock }: Pick<Context, 'flows' | 'clock'>,
  { roundMs, answerMs, failures }: Patience,
  note: (text: string) => void,
): VerdictMemory {
  const lists = new Map<string, Promise<readonly Watcher[]>>();
  const underWay = new Map<string, Query>();
  const failed = new Map<string, number>();
  const said = new Set<string>();
  const noteOnce = (text: string): void => {
    if (!said.has(text)) note(text);
    said.add(text);
  };

  /** Lists them once, and again after a temporary failure. Other queries wait for the list too, so dropping one does not end it. */
  function listWatchers(subscriptionId: string, { signal }: Limit): Promise<readonly Watcher[]> {
    const key = subscriptionId.toLowerCase();
    const known = lists.get(key);
    if (known) return known;
    const listing = withLimit(clock, signal, answerMs, (limit) => flows.listWatchers(subscriptionId, limit));
    lists.set(key, listing);
    listing.catch((error: unknown) => {
      if (error instanceof CodedError && !isLasting(error)) lists.delete(key);
    });
    return listing;
  }

  async function verify(
    { vm, region, nicId = '', network, flow: { port, protocol } }: Subject,
    addresses: readonly QueriedAddress[],
    listing: Promise<readonly Watcher[]>,
    limit: Limit,
  ): Promise<readonly AddressVerdict[] | undefined> {
    const watcher = watcherIn(await listing, region);
    if (watcher.kind !== 'one') {
      failed.set(vm.key, failures);
      noteOnce(say.noVerdict(vm, { kind: watcher.kind, region }));
      return undefined;
    }
    const privateIpAddress = network.privateIpAddress.text;
    return Promise.all(
      addresses.map(async (asked): Promise<AddressVerdict> => {
        const traffic = { vm, nicId, privateIpAddress, port, protocol, source: asked.address.text };
        return { ...asked, ...(await flows.verify(watcher.id, traffic, limit)) };
      }),
    );
  }

  function fail({ vm }: Subject, error: unknown, { signal }: Limit): void {
    if (!(error instanceof CodedError)) throw error;
    // Cut short by the end of the wait, or dropped: this says nothing about Azure.
    if (signal.aborted) return;
    const count = isLasting(error) ? failures : (failed.get(vm.key) ?? 0) + 1;
    failed.set(vm.key, count);
    if (count >= failures) noteOnce(say.noVerdict(vm, { kind: 'failure', error }));
  }

  function begin(subject: Subject, addresses: readonly QueriedAddress[], about: string, limit: Limit): Query {
    const dropped = new AbortController();
    const drop = (): void => {
      dropped.abort();
    };
    const one: Query = { about, answer: Promise.resolve(), isOver: false, drop };
    const own = { ...limit, signal: AbortSignal.any([limit.signal, dropped.signal]) };
    const listing = listWatchers(subject.vm.subscriptionId, limit);
    const work = async (): Promise<void> => {
      try {
        one.verdicts = await withLimit(clock, own.signal, answerMs, (short) =>
          verify(subject, addresses, listing, short),
        );
      } catch (error) {
        fail(subject, error, own);
      }
      one.isOver = true;
    };
    one.answer = work();
    // A bug is thrown in the round that checks the query. If the rules change before that, there is no such round.
    one.answer.catch(() => undefined);
    return one;
  }

  return {
    async query(subject, doubt, limit) {
      const { vm, flow, network } = subject;
      const port = { vm, port: flow.port };
      if (doubt.kind === 'tooMany') {
        noteOnce(say.tooManyAddresses(port));
        return undefined;
      }
      if ((failed.get(vm.key) ?? 0) >= failures) return undefined;
      const key = `${vm.key} ${String(flow.port)} ${flow.protocol}`;
      // A result for other rules than those of this round does not count.
      const about = JSON.stringify([network, doubt.addresses]);
      const before = underWay.get(key);
      const isSame = before?.about === about;
      if (!isSame) before?.drop();
      const one = isSame ? before : begin(subject, doubt.addresses, about, limit);
      underWay.set(key, one);
      await withLimit(clock, limit.signal, roundMs, (round) => Promise.race([one.answer, endOf(round)]));
      if (!one.isOver) return undefined;
      underWay.delete(key);
      if (one.verdicts) noteOnce(say.verdictGiven(port, one.verdicts));
      return one.verdicts;
    },
  };
}
