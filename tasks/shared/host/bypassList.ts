import { createContext, runInContext } from 'node:vm';
import { parseSimplePattern } from '../core/simplePattern';

/** The maximum length of an expression that is run. */
const LONGEST = 300;
/** The time limits for one expression with one address, and for all of them together, in milliseconds. */
const ONE_MS = 250;
const ALL_MS = 1000;

/** Why an entry of a bypass list cannot be used. */
export type BypassProblem = 'noExpression' | 'tooLong' | 'tooSlow';

/** An entry of a bypass list that cannot be used. */
export interface UselessEntry {
  readonly entry: string;
  readonly problem: BypassProblem;
}

type Matches = (text: string) => boolean;

/**
 * Compiles the agent's list of addresses that bypass its proxy. The entries are regular expressions that ignore case,
 * as the agent and its task library interpret them. They are matched with scheme and host, and with the port if it is
 * not the default, with and without a trailing slash.
 *
 * Simple entries, such as `.*\.contoso\.com`, are matched without the regular expression engine. The engine can take
 * forever, so the other entries run with a time limit, and are left out after they exceed it.
 *
 * @param onUseless called with the entries that cannot be used, once for each: when the list is read, and, for those
 *   that take too long, after they are tried. The other entries work.
 * @returns a function that returns whether a URL is reached without the proxy
 */
export function createBypass(
  entries: readonly unknown[],
  onUseless: (entries: readonly UselessEntry[]) => void,
): (url: string) => boolean {
  const run = createRunner();
  let useless: UselessEntry[] = [];
  const report = () => {
    if (useless.length > 0) onUseless(useless);
    useless = [];
  };
  const patterns = entries.flatMap((entry): Matches[] => {
    const text = typeof entry === 'string' ? entry.trim() : undefined;
    if (text === '') return [];
    const problem = text === undefined ? 'noExpression' : problemOf(text);
    if (text === undefined || problem !== undefined) {
      useless.push({ entry: text ?? JSON.stringify(entry), problem: problem ?? 'noExpression' });
      return [];
    }
    return [
      parseSimplePattern(text) ??
        givingUp(
          (address) => run(text, address),
          () => {
            useless.push({ entry: text, problem: 'tooSlow' });
          },
        ),
    ];
  });
  report();
  const known = new Map<string, boolean>();
  return (url) => {
    const { origin } = new URL(url);
    const found =
      known.get(origin) ?? patterns.some((matches) => [origin, `${origin}/`].some((text) => matches(text)));
    known.set(origin, found);
    report();
    return found;
  };
}

function problemOf(text: string): BypassProblem | undefined {
  if (text.length > LONGEST) return 'tooLong';
  try {
    new RegExp(text, 'i');
    return undefined;
  } catch {
    return 'noExpression';
  }
}

/** Returns a matcher that matches nothing after the expression has exceeded its time limit. */
function givingUp(run: (text: string) => boolean | undefined, onGivenUp: () => void): Matches {
  let given = true;
  return (text) => {
    const found = given ? run(text) : false;
    if (found === undefined) {
      given = false;
      onGivenUp();
    }
    return found ?? false;
  };
}

/** Returns a function that runs an expression with a time limit, and returns `undefined` if the limit ended it. */
function createRunner(): (pattern: string, text: string) => boolean | undefined {
  const place = createContext({ pattern: '', text: '' });
  let left = ALL_MS;
  return (pattern, text) => {
    if (left < 1) return undefined;
    const began = performance.now();
    Object.assign(place, { pattern, text });
    try {
      const timeout = Math.ceil(Math.min(ONE_MS, left));
      return runInContext('new RegExp(pattern, "i").test(text)', place, { timeout }) === true;
    } catch {
      return undefined;
    } finally {
      left -= performance.now() - began;
    }
  };
}
