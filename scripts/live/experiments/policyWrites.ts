import { isJson, itemsIn, textIn } from '../../../tasks/shared/core/json';
import { isAccepted, statusText, type Answer } from '../azure';
import { isActive, toEntries, type Bench } from '../bench';
import { MINUTE_MS, NOBODY, Unsettled, type Experiment } from '../experiment';

const SOURCE = NOBODY.nth(61);

export const policyWrites: Experiment = {
  fact: 'policy-writes',
  question:
    'Do active requests survive a write of their policy? Does Azure refuse a write while another write is in progress?',
  does: 'Requests a port, then writes the temporary policy without changes, twice in a row.',
  minutes: 5,
  ports: [{}],
  async run(bench, [port = 0]) {
    const made = toEntries((await bench.open({ port, source: SOURCE, endInMs: 15 * MINUTE_MS })).body)[0];
    const find = async () =>
      (await bench.entries()).find(({ startTimeUtc }) => startTimeUtc === made?.startTimeUtc);
    const first = await write(bench);
    const second = await write(bench);
    if (!isAccepted(first)) throw new Unsettled(`Azure refused to write the policy: ${statusText(first)}.`);
    const settled = await bench.until(2 * MINUTE_MS, async () =>
      stateOf(await bench.readPolicy()) === 'Updating' ? undefined : true,
    );
    const entry = await find();
    const survives = entry !== undefined && isActive(entry);
    const wasUpdating = stateOf(first.body) === 'Updating';
    return {
      answer: `The request ${survives ? 'survives' : `does not survive: ${entry ? `${entry.status} ${entry.reason}` : 'it is missing'}`}. An immediate second write: ${statusText(second)}, while the state of the policy is ${stateOf(first.body)}.`,
      switches: {
        putEndsRequests: !survives,
        ...(wasUpdating && { refusesWhileUpdating: second.status === 409 }),
      },
      ...(settled && wasUpdating && { times: { updatingMs: settled.afterMs } }),
    };
  },
};

/** Writes the policy unchanged, without its requests. */
async function write(bench: Bench): Promise<Answer> {
  const body = await bench.readPolicy();
  const properties = isJson(body['properties']) ? body['properties'] : {};
  return bench.ask('PUT', bench.policyId, 'jit', {
    kind: 'Basic',
    properties: { virtualMachines: itemsIn(properties, 'virtualMachines') },
  });
}

const stateOf = (body: Answer['body']): string =>
  isJson(body['properties']) ? textIn(body['properties'], 'provisioningState') : '';
