import type { Answer } from '../http/answers';
import type { Incoming, Kind } from '../http/calls';
import type { Principal } from '../identity/principals';

/** The api-versions that the simulation supports. Any other version is a violation. */
export const API_VERSIONS = {
  jit: '2020-01-01',
  network: '2022-01-01',
  compute: '2022-03-01',
  permissions: '2022-04-01',
  resourceGraph: '2021-03-01',
  activityLog: '2015-04-01',
  resources: '2021-04-01',
  subscriptions: '2019-11-01',
} as const;

/**
 * The versions of a cloud that gets new versions late, in no order, as in Azure's texts: none of those above, and a
 * preview that is newer than the others. The dates are invented.
 */
export const OLDER_VERSIONS: readonly string[] = [
  '2014-04-01',
  '2014-11-01',
  '2015-01-01-preview',
  '2014-09-01',
];

/** The codes with which Azure Resource Manager refuses a version that a cloud does not support. */
export type VersionRefusal =
  'NoRegisteredProviderFound' | 'InvalidApiVersionParameter' | 'InvalidResourceType';

/** A request that passed the front door: signed in, with a known path and a supported version, and allowed. */
export interface ArmRequest extends Incoming {
  readonly principal: Principal;
  /** The names in the path, in the case that the caller used. */
  readonly names: Readonly<Record<string, string>>;
}

/** One operation of Azure Resource Manager. */
export interface Route {
  readonly kind: Kind;
  /** Determines the kind of the request if the path alone is not enough. */
  readonly kindOf?: (request: Incoming) => Kind;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** `/subscriptions/{subscription}/…`; `{name}` is one segment, `{name*}` any number. */
  readonly path: string;
  readonly apiVersion: string;
  /** Query parameters in addition to `api-version`. */
  readonly query?: readonly string[];
  /** The action that the caller's role must allow. Absent if ARM requires none. */
  readonly action?: string;
  /** Set for a list of a type, for which ARM requires the action at the provider, `…/providers/Microsoft.Compute`. */
  readonly isList?: true;
  readonly handle: (request: ArmRequest) => Answer;
}

export interface Matched {
  readonly route: Route;
  readonly names: Readonly<Record<string, string>>;
}

/** Creates the function that finds the route of a path. Fixed segments are compared without case, as in ARM. */
export function createMatcher(routes: readonly Route[]): (request: Incoming) => Matched | undefined {
  const compiled = routes.map((route) => ({ route, pattern: toPattern(route.path) }));
  return ({ method, path }) => {
    for (const { route, pattern } of compiled) {
      const found = route.method === method ? pattern.exec(path) : null;
      if (found) return { route, names: decoded(found.groups ?? {}) };
    }
    return undefined;
  };
}

function toPattern(path: string): RegExp {
  const source = path
    .replace(/[.$()]/g, '\\$&')
    .replace(
      /\{(\w+)(\*?)\}/g,
      (_whole, name: string, many: string) => `(?<${name}>${many ? '.*' : '[^/]+'})`,
    );
  return new RegExp(`^${source}$`, 'i');
}

const decoded = (groups: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));

/** Returns a name that the route's path guarantees. */
export function nameIn(request: ArmRequest, name: string): string {
  const value = request.names[name];
  if (value === undefined) throw new Error(`The path of this route has no {${name}}.`);
  return value;
}
