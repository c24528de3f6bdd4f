import { isActive, type Bench } from '../bench';
import { MINUTE_MS, NOBODY, type Experiment } from '../experiment';

/** How long to wait until a request that was not replaced counts as such. */
const PATIENCE_MS = 30_000;
const [FIRST, OTHER] = [NOBODY.nth(11), NOBODY.nth(12)];

export const supersession: Experiment = {
  fact: 'supersession',
  question:
    'Which older requests does a newer request replace: those for the same port, or for the same port and sources?',
  does: 'Requests one port three times, for two addresses.',
  minutes: 2,
  ports: [{}],
  async run(bench, [port = 0]) {
    const ask = (source: string, minutes: number) =>
      bench.open({ port, source, endInMs: minutes * MINUTE_MS });
    await ask(FIRST, 15);
    // Each request has a later end than the one before it, so that a nearer end can neither end an older request nor be
    // ignored.
    await ask(OTHER, 20);
    if (await isReplaced(bench, port, 1)) {
      return {
        answer: 'A newer request replaces every older one for the VM and the port.',
        switches: { supersession: 'vm+port' },
      };
    }
    // Azure's clock is known to a second or so, and requests last 25 minutes at most.
    await ask(FIRST, 24);
    return (await isReplaced(bench, port, 2))
      ? {
          answer: 'A newer request replaces only one for the same VM, port, and sources.',
          switches: { supersession: 'vm+port+source' },
        }
      : { answer: 'A newer request replaces none.', switches: { supersession: 'none' } };
  },
};

/** Whether fewer requests for the port are active than were made. */
async function isReplaced(bench: Bench, port: number, made: number): Promise<boolean> {
  const found = await bench.until(PATIENCE_MS, async () => {
    const own = (await bench.entries()).filter((entry) => entry.port === port);
    return own.length > made && own.some((entry) => !isActive(entry)) ? true : undefined;
  });
  return found !== undefined;
}
