import * as sdk from 'azure-devops-extension-sdk';
import type { HostAccess } from './api';

/** A run as its page tells of it. */
export interface ShownRun {
  readonly id: number;
  readonly isOver: boolean;
}

/** Greets the page around this one, which gives the theme. Throws when it is no page of Azure DevOps. */
export const greet = (): Promise<void> => sdk.init({ loaded: false, applyTheme: true });

/** The page around this one takes its own sign of waiting away. */
export const showPage = (): void => void sdk.notifyLoadSucceeded();

/** Told of the theme, at first and whenever it changes. */
export function onTheme(apply: () => void): void {
  window.addEventListener('themeApplied', apply);
  apply();
}

/** The organization and project of the page around this one. Throws when it names no address. */
export async function findAccess(): Promise<HostAccess> {
  const service = await sdk.getService<LocationService>('ms.vss-features.location-service');
  const home = new URL(await service.getServiceLocation());
  return {
    home: home.href.endsWith('/') ? home.href : `${home.href}/`,
    projectId: sdk.getWebContext().project.id,
    token: () => sdk.getAccessToken(),
  };
}

interface LocationService {
  getServiceLocation(): Promise<string>;
}

/** `BuildStatus.Completed`, as the page of a run and as the REST API have it. */
const OVER: readonly unknown[] = [2, 'completed'];

/** Tells of the run at first and whenever it changes. Throws where the page around this one is no page of a run. */
export function followRun(tell: (run: ShownRun) => void): void {
  const { onBuildChanged } = sdk.getConfiguration() as {
    onBuildChanged?: (changed: (build: { id?: unknown; status?: unknown }) => void) => void;
  };
  if (!onBuildChanged) throw new Error('This is no page of a run.');
  onBuildChanged(({ id, status }) => {
    if (typeof id === 'number' && Number.isSafeInteger(id)) tell({ id, isOver: OVER.includes(status) });
  });
}

/**
 * Offers an object to the dashboard. Some versions of it look for the whole id of the contribution, and some for its last
 * part, as Microsoft's own samples register it.
 */
export function offer(object: object): void {
  const whole = sdk.getContributionId();
  for (const id of new Set([whole, whole.split('.').at(-1) ?? whole])) sdk.register(id, () => object);
}
