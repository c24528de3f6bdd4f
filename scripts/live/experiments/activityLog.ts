import { itemsIn, isJson, textIn, valueIn, type Json } from '../../../tasks/shared/core/json';
import { toGroupId } from '../../../tasks/shared/core/resourceIds';
import type { Bench } from '../bench';
import { MINUTE_MS, NOBODY, Unsettled, type Experiment } from '../experiment';

const INITIATE = 'microsoft.security/locations/jitnetworkaccesspolicies/initiate/action';
const MARKER = 'jit-live-kit-marker';
const LONGEST_MS = 15 * MINUTE_MS;

export const activityLog: Experiment = {
  fact: 'activity-log',
  question: 'What does the Activity Log contain about a request, and after what time?',
  does: 'Requests a port with a unique justification, and reads the log until it appears.',
  minutes: 16,
  ports: [{}],
  async run(bench, [port = 0]) {
    await bench.open({ port, source: NOBODY.nth(81), endInMs: 20 * MINUTE_MS }, MARKER);
    const since = bench.arm.azureNow();
    const found = await bench.until(LONGEST_MS, async () => {
      const entries = await read(bench, since);
      return entries.length > 0 ? entries : undefined;
    });
    if (!found) throw new Unsettled('The log has no entry for it after 15 minutes.');
    // The entry with the details can be a different one, which appears a moment later.
    await bench.until(MINUTE_MS, async () =>
      (await read(bench, since)).some((entry) => carriedBy(entry) !== 'nothing') ? true : undefined,
    );
    const kinds = (await read(bench, since)).map(carriedBy);
    const activityLogCarries = kinds.find((kind) => kind !== 'nothing') ?? 'nothing';
    const words = {
      nothing: 'no justification',
      justification: 'the justification',
      requestBody: 'the whole request',
    };
    return {
      answer: `The entry appears after ${String(Math.round(found.afterMs / 1000))} s, with ${words[activityLogCarries]}.`,
      switches: { activityLogCarries },
      times: { activityLogMs: found.afterMs },
    };
  },
};

/** Reads the newest entries of requests for this policy. */
async function read(bench: Bench, since: number): Promise<readonly Json[]> {
  const time = new Date(since - MINUTE_MS).toISOString();
  const filter = `eventTimestamp ge '${time}' and resourceProvider eq 'Microsoft.Security'`;
  const path = `${toGroupId(bench.target.vm.subscriptionId)}/providers/Microsoft.Insights/eventtypes/management/values`;
  const entries: Json[] = [];
  let next: string | undefined = `$filter=${encodeURIComponent(filter)}`;
  while (next !== undefined) {
    const { status, code, body } = await bench.ask('GET', `${path}?${next}`, 'activityLog');
    if (status !== 200) throw new Unsettled(`The Activity Log could not be read: ${String(status)} ${code}.`);
    entries.push(...itemsIn(body, 'value').filter(isJson));
    const link = textIn(body, 'nextLink');
    next = link === '' ? undefined : queryOf(link);
  }
  return entries.filter((entry) => isOfBench(entry, bench.policyId));
}

/** Returns the query of a page link without its version, which every call adds. */
function queryOf(link: string): string {
  const query = new URL(link).searchParams;
  query.delete('api-version');
  return query.toString().replaceAll('+', '%20');
}

function isOfBench(entry: Json, policyId: string): boolean {
  const operation = valueIn(entry, 'operationName');
  const name = isJson(operation) ? textIn(operation, 'value') : '';
  const id = textIn(entry, 'resourceId')
    .toLowerCase()
    .replace(/\/initiate$/, '');
  return name.toLowerCase() === INITIATE && id === policyId.toLowerCase();
}

function carriedBy(entry: Json): 'nothing' | 'justification' | 'requestBody' {
  const properties = valueIn(entry, 'properties');
  if (!isJson(properties)) return 'nothing';
  if (textIn(properties, 'justification') === MARKER) return 'justification';
  return textIn(properties, 'requestbody').includes(MARKER) ? 'requestBody' : 'nothing';
}
