import { channelManager } from '../../../../node_modules/azure-devops-extension-sdk/esm/XDM.js';
import type { HostSetup } from '../hostSetup';

/**
 * The page of Azure DevOps around a page of the extension, as far as that page can tell: it uses the SDK's own channel.
 * `window.host` is for tests and for manual use.
 */
declare global {
  interface Window {
    setup: HostSetup;
    host: object;
  }
}

const { setup } = window;
const frame = document.querySelector('iframe')!;
const channel = channelManager.addChannel(frame.contentWindow!, new URL(setup.frame).origin);
const registry = channel.getObjectRegistry();

let build = setup.build;
const listeners: ((build: unknown) => void)[] = [];
const notified: unknown[] = [];
let isShown = false;

registry.register('DevOps.HostControl', {
  initialHandshake: () => ({
    contributionId: setup.contributionId,
    context: {
      extension: { id: 'publisher.jit-vm-access', publisherId: 'publisher', extensionId: 'jit-vm-access' },
      user: { id: 'u', name: 'ada', displayName: 'Ada Park' },
      host: { id: 'h', name: 'contoso' },
      pageContext: { webContext: { project: setup.project, team: { id: 't', name: 'Team' } } },
    },
    initialConfig: setup.build && {
      onBuildChanged(listener: (build: unknown) => void) {
        listeners.push(listener);
        listener(build);
      },
    },
    themeData: setup.theme,
  }),
  notifyLoadSucceeded() {
    isShown = true;
    if (setup.pipelineId !== undefined) loadWidget(setup.pipelineId);
  },
  getAccessToken: () => ({ token: setup.token }),
  resize: () => undefined,
});

registry.register('DevOps.ServiceManager', {
  getService: (id: string) =>
    id === 'ms.vss-features.location-service'
      ? { getServiceLocation: () => Promise.resolve(setup.home) }
      : undefined,
});

const call = (id: string, method: string, ...given: unknown[]): Promise<unknown> =>
  channel.invokeRemoteMethod(method, id, [
    ...given,
    { notify: (...told: unknown[]) => Promise.resolve(void notified.push(told)) },
  ]);

/** Does what a dashboard does with a widget or with its configuration. */
function loadWidget(pipelineId: number): void {
  const customSettings = { data: JSON.stringify({ pipelineId }) };
  void call(setup.contributionId, 'load', { name: 'Just-in-time access', customSettings });
}

window.host = {
  isShown: () => isShown,
  setBuild(changed: HostSetup['build']) {
    build = changed;
    for (const listener of listeners) listener(build);
  },
  setTheme: (theme: Record<string, string>) =>
    channel.invokeRemoteMethod('dispatchEvent', 'DevOps.SdkClient', [
      'themeChanged',
      { detail: { data: theme } },
    ]),
  /** Calls an object that the page has registered for the dashboard. */
  call,
  notified: () => notified,
};

// The frame is loaded when the host is ready for its handshake.
frame.src = setup.frame;
