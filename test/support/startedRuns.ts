import { parseDuration } from '../../tasks/shared/core/durations';
import type { WireRequest } from './azure/bench';
import { findWidenings, type Opening } from './openings';
import type { Scenario } from './scenario';

/** A run that a test started: its inputs, and Azure's time at the start, in milliseconds since 1970. */
export interface Started {
  readonly inputs: Readonly<Record<string, string>>;
  readonly from: number;
}

const HOUR = 3_600_000;

/**
 * Returns sentences for what the requests of the task open beyond what the runs want according to their inputs and what
 * other people have requested. If the task determines the agent's address itself, any single address counts as the
 * agent's.
 */
export function findWideningsIn({ policy }: Scenario, started: readonly Started[]): readonly string[] {
  const first = Math.min(...started.map(({ from }) => from));
  const openings = (policy.requests() as readonly WireRequest[])
    // Requests of the task in earlier days are not part of the test, but those of other people before the first run
    // count.
    .filter(({ requestor, startTimeUtc }) => requestor !== '' || Date.parse(startTimeUtc) >= first)
    .flatMap(({ requestor, startTimeUtc, virtualMachines }) =>
      virtualMachines
        .flatMap(({ ports }) => ports)
        .map((port) => ({
          isOurs: requestor === '',
          port: port.number,
          sources: port.allowedSourceAddressPrefixes ?? [port.allowedSourceAddressPrefix ?? '*'],
          from: Date.parse(startTimeUtc),
          endsAt: Date.parse(port.endTimeUtc),
        })),
    );
  const others = openings.filter(({ isOurs }) => !isOurs);
  return openings
    .filter(({ isOurs }) => isOurs)
    .flatMap((made) => findWidenings(made, [...others, ...started.map((run) => toNeed(run, made))]));
}

function toNeed({ inputs, from }: Started, { port, sources }: Opening): Opening {
  const { sourceIp = 'agent', duration = '' } = inputs;
  const own = ['agent', 'azure', ''].includes(sourceIp.trim().toLowerCase())
    ? sources.filter((source) => /^[\d.]+(\/32)?$/.test(source))
    : sourceIp === 'policy'
      ? ['0.0.0.0/0']
      : sourceIp.split(',').map((part) => part.trim());
  const ms = duration === '' ? HOUR : (parseDuration(duration) ?? 24 * HOUR);
  // The end is calculated some seconds after the start.
  return { port, sources: own, from, endsAt: from + ms + 60_000 };
}
