import * as sdk from 'azure-devops-extension-sdk';
import type { HostAccess } from './api';

/** A run, as its page reports it. */
export interface ShownRun {
  readonly id: number;
  readonly isOver: boolean;
}

/** Connects to the host page, which provides the theme. Throws if it is not a page of Azure DevOps. */
export const greet = (): Promise<void> => sdk.init({ loaded: false, applyTheme: true });

/** Makes the host page remove its loading indicator. */
export const showPage = (): void => void sdk.notifyLoadSucceeded();

/** Calls `apply` at once, and whenever the theme changes. */
export function onTheme(apply: () => void): void {
  window.addEventListener('themeApplied', apply);
  apply();
}

/** Returns the organization and project of the host page. Throws if the host page names no address. */
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

/** `BuildStatus.Completed`, as the page of a run and the REST API write it. */
const OVER: readonly unknown[] = [2, 'completed'];

/** Calls `onRun` with the run at first and whenever it changes. Throws if the host page is not the page of a run. */
export function followRun(onRun: (run: ShownRun) => void): void {
  const { onBuildChanged } = sdk.getConfiguration() as {
    onBuildChanged?: (changed: (build: { id?: unknown; status?: unknown }) => void) => void;
  };
  if (!onBuildChanged) throw new Error('This is no page of a run.');
  onBuildChanged(({ id, status }) => {
    if (typeof id === 'number' && Number.isSafeInteger(id)) onRun({ id, isOver: OVER.includes(status) });
  });
}

/**
 * Registers an object with the dashboard. Some versions of it use the full ID of the contribution, and some its last
 * part, as in Microsoft's own samples.
 */
export function offer(object: object): void {
  const whole = sdk.getContributionId();
  for (const id of new Set([whole, whole.split('.').at(-1) ?? whole])) sdk.register(id, () => object);
}
