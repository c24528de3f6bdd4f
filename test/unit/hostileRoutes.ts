import * as routes from '../../tasks/shared/messages/routes';
import type { Makers } from './hostileMakers';

/** Creates each message about hosts, proxies, and certificates, with foreign text wherever it can occur. */
export const ROUTE_MAKERS = {
  ProxyRefusedError: ({ text }) =>
    [0, 404, 407].map((status) => new routes.ProxyRefusedError(text(), text(), status)),
  proxyAnswer: ({ text }) => [0, 404, 407].map((status) => routes.proxyAnswer(text(), status)),
  badProxy: ({ text }) => [routes.badProxy(text())],
  proxyInUse: ({ text }) => [
    routes.proxyInUse(text(), text(), true),
    routes.proxyInUse(text(), undefined, false),
  ],
  proxyReplaced: ({ text }) => [routes.proxyReplaced(text(), text()), routes.proxyReplaced('', text())],
  proxyUnused: ({ text }) => [routes.proxyUnused(text(), text())],
  authoritiesInUse: ({ texts }) => [routes.authoritiesInUse(texts())],
  authoritiesUnreadable: ({ text }) => [routes.authoritiesUnreadable(text(), text())],
  authoritiesOfJob: ({ text }) => [routes.authoritiesOfJob(text(), text())],
  bypassUseless: ({ text }) =>
    (['noExpression', 'tooLong', 'tooSlow'] as const).flatMap((problem) =>
      [1, 8].map((count) =>
        routes.bypassUseless(Array.from({ length: count }, () => ({ entry: text(), problem }))),
      ),
    ),
  bypassListUnreadable: () => [routes.bypassListUnreadable()],
  certificateUnusable: ({ text }) => [
    ...(['noCertificate', 'noKey', 'encryptedKey', 'badKey', 'otherKey'] as const).map((problem) =>
      routes.certificateUnusable(text(), problem),
    ),
  ],
  foreignHosts: ({ text, texts }) => [
    routes.foreignHosts(text(), text(), [{ what: 'the sign-in', host: text(), hosts: texts() }]),
  ],
  connectionChanged: ({ text, texts }) => [routes.connectionChanged(text(), texts(), texts())],
  hostsOf: ({ text }) => [routes.hostsOf(text(), text(), text())],
  oidcElsewhere: ({ text }) => [routes.oidcElsewhere(text(), text())],
  oidcInsecure: ({ text }) => [routes.oidcInsecure(text(), text())],
} satisfies Makers<typeof routes>;
