import * as connecting from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/connecting';
import type { PrivateHost } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/privateHost';
import { both, type Makers } from './hostileMakers';
import type { Things } from './hostileThings';

/** Returns hosts of every kind. */
function hostsOf({ text, forbidden }: Things): readonly PrivateHost[] {
  const known = { host: text(), powerState: text() };
  const found = [true, false].flatMap((onPrimaryNic) =>
    [text(), undefined].map((address) => ({
      ...{ nicId: text(), onPrimaryNic, address },
      configuration: onPrimaryNic ? text() : undefined,
    })),
  );
  return [
    { ...known, kind: 'unread', publicIpId: text() },
    { ...known, kind: 'noValue', publicIpId: text() },
    { ...known, kind: 'noValue', publicIpId: text(), powerState: 'deallocated' },
    { ...known, kind: 'elsewhere', found, unread: [] },
    { ...known, kind: 'elsewhere', found, unread: [forbidden.why] },
    { ...known, kind: 'elsewhere', found: [], unread: [forbidden.why] },
    { ...known, kind: 'elsewhere', found: [], unread: [] },
  ];
}

/** Creates each message about where to connect. */
export const CONNECTING_MAKERS = {
  down: ({ vm, text }) => [connecting.down(vm, text()), connecting.down(vm, 'deallocated')],
  starting: ({ vm }) => [connecting.starting(vm)],
  moreDown: () => [connecting.moreDown(2)],
  startingMany: () => [connecting.startingMany(11)],
  morePrivateHosts: () => [connecting.morePrivateHosts(2)],
  privateHost: (things) => hostsOf(things).map((host) => connecting.privateHost(things.vm, host)),
  privateHosts: ({ text }) =>
    [1, 2, 20].map((count) =>
      connecting.privateHosts(Array.from({ length: count }, () => ({ name: text(), host: text() }))),
    ),
  noAnswerHint: (things) =>
    hostsOf(things).flatMap((host) =>
      [undefined, 'stopped', things.text()].map((state) => connecting.noAnswerHint(things.vm, state, host)),
    ),
  noConnection: ({ text }) =>
    [true, false]
      .map((isResolved) => connecting.noConnection({ host: text(), port: 22, isResolved }, 'within 1 s'))
      .concat(connecting.noConnection(undefined, 'within 1 s')),
  toConnect: ({ text }) => [
    connecting.toConnect(undefined),
    connecting.toConnect({ host: text(), port: 22, isResolved: false }),
  ],
  withoutMappedPort: ({ access, text }) => [connecting.withoutMappedPort(access, text())],
  moreWithoutMappedPort: () => both(connecting.moreWithoutMappedPort, 1, 2),
} satisfies Makers<typeof connecting>;
