import { MOST_PORTS, parsePorts } from '../../../shared/core/ports';
import { parseScope, toScope, widest, type Scope } from '../../../shared/core/scopes';
import {
  createInputReader,
  MOST_VMS,
  otherMachineProblem,
  readMaxVms,
  readVmQuery,
  splitLines,
  type QueryInput,
} from '../../../shared/task/inputs';
import { FAIL_ON, type ReportInputs } from './model/inputs';
import { wrongOnWindows } from './model/windowsFolder';
import * as wrong from './messages/reporting';

/** The name of every input in task.json. */
export type InputName =
  QueryInput | 'connectedServiceName' | 'scope' | 'days' | 'ports' | 'failOn' | 'outputFolder';

/** The Activity Log keeps its entries for 90 days. */
const MOST_DAYS = 90;

/**
 * Reads all inputs at once. Throws JIT101 with every mistake in them.
 *
 * @param read returns the text of an input; empty if it is not set
 * @param subscriptionId the subscription of the connection, for scopes that name none
 * @param isWindows whether the agent runs on Windows, which does not allow every folder name
 */
export function readInputs(
  read: (name: InputName) => string,
  subscriptionId: string | undefined,
  isWindows = false,
): ReportInputs {
  const reader = createInputReader<InputName>(read);
  reader.needConnection();
  // A report opens nothing, so it can cover as many VMs as a query can find.
  const query = readVmQuery(reader, readMaxVms(reader, MOST_VMS));
  const named = reader.parsed<readonly Scope[]>('scope', [], (value) => {
    if (query) {
      if (value !== '' && query.filter !== '') reader.add('scope', wrong.bothScopeAndQuery);
      return [];
    }
    const { found, problems } = readScopes(value, subscriptionId);
    for (const problem of problems) reader.add('scope', problem);
    return found;
  });
  const scopes = widest(named);
  const isWidest = new Set(scopes);
  return reader.checked({
    scopes,
    inner: named.filter((scope) => !isWidest.has(scope)),
    query,
    days: reader.parsed('days', 0, (value) => {
      const days = Number(value || '7');
      const whole = /^\d{0,4}$/.test(value) && days >= 1 && days <= MOST_DAYS;
      if (!whole) reader.add('days', wrong.days(value, MOST_DAYS));
      return days;
    }),
    ports: reader.parsed<readonly number[]>('ports', [], (value) => {
      if (value === '') return [];
      const ports = parsePorts(value);
      if (ports.kind === 'list') return ports.ports;
      reader.add('ports', wrong.ports(ports.kind === 'wrong' ? ports.parts : [value], MOST_PORTS));
      return [];
    }),
    failOn: reader.choice('failOn', FAIL_ON),
    outputFolder: reader.parsed('outputFolder', '', (value) => {
      const parts = isWindows ? wrongOnWindows(value) : [];
      if (parts.length > 0) reader.add('outputFolder', wrong.folderOnWindows(parts));
      return value;
    }),
  });
}

function readScopes(
  value: string,
  subscriptionId: string | undefined,
): { readonly found: readonly Scope[]; readonly problems: readonly string[] } {
  const entries = splitLines(value);
  const own = subscriptionId === undefined ? undefined : toScope(subscriptionId);
  if (entries.length === 0)
    return own ? { found: [own], problems: [] } : { found: [], problems: [wrong.noScope] };
  const read = entries.map((entry) => ({ entry, scope: parseScope(entry, subscriptionId) }));
  return {
    found: read.flatMap(({ scope }) => scope ?? []),
    problems: read.flatMap(({ entry, scope }) =>
      scope ? [] : [otherMachineProblem(entry) ?? wrong.scope(entry)],
    ),
  };
}
