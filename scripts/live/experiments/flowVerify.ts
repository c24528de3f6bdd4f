import { textIn, type Json } from '../../../tasks/shared/core/json';
import { statusText } from '../azure';
import type { Bench } from '../bench';
import { MINUTE_MS, NOBODY, Unsettled, type Experiment } from '../experiment';

const SOURCE = NOBODY.elsewhere;

export const flowVerify: Experiment = {
  fact: 'flow-verify',
  question: 'What is the result of IP flow verify before a request, and how soon does it match the rule?',
  does: 'Calls the specified network watcher before and after a request. Skipped without one.',
  minutes: 4,
  ports: [{}],
  async run(bench, [port = 0]) {
    const { networkWatcherId, privateAddress } = bench.target;
    if (networkWatcherId === undefined) throw new Unsettled('No network watcher was specified.');
    if (privateAddress === undefined) throw new Unsettled('The VM has no private address.');
    const verify = () => verdict(bench, networkWatcherId, flowTo(bench, port, privateAddress));
    const before = await verify();
    await bench.open({ port, source: SOURCE, endInMs: 10 * MINUTE_MS });
    const written = await bench.until(2 * MINUTE_MS, async () =>
      (await bench.allowRules(port, SOURCE)).length > 0 ? true : undefined,
    );
    if (!written) throw new Unsettled('The rule did not appear within two minutes.');
    const agreed = await bench.until(2 * MINUTE_MS, async () =>
      (await verify()) === 'Allow' ? true : undefined,
    );
    return {
      answer: agreed
        ? `Before: ${before}. It matches the rule after ${String(Math.round(agreed.afterMs / 1000))} s.`
        : `Before: ${before}. Two minutes after the rule, it still does not match.`,
      ...(agreed && { times: { flowVerifyMs: agreed.afterMs } }),
    };
  },
};

const flowTo = (bench: Bench, port: number, localIPAddress: string): Json => ({
  targetResourceId: bench.target.vm.id,
  direction: 'Inbound',
  protocol: 'TCP',
  localPort: String(port),
  remotePort: '*',
  localIPAddress,
  remoteIPAddress: SOURCE,
});

/** Reads the IP flow verify result. It can take a while, and is then polled at the location in the response. */
async function verdict(bench: Bench, watcherId: string, flow: Json): Promise<string> {
  const first = await bench.ask('POST', `${watcherId}/ipFlowVerify`, 'network', flow);
  if (first.status === 200) return textIn(first.body, 'access');
  const link = first.headers['location'];
  if (first.status !== 202 || link === undefined)
    throw new Unsettled(`IP flow verify: ${statusText(first)}.`);
  const { pathname } = new URL(link);
  const over = await bench.until(2 * MINUTE_MS, async () => {
    const answer = await bench.ask('GET', decodeURIComponent(pathname), 'network');
    return answer.status === 200 ? textIn(answer.body, 'access') : undefined;
  });
  if (!over) throw new Unsettled('IP flow verify did not complete.');
  return over.value;
}
