import * as inputs from '../../tasks/shared/messages/inputs';
import type { Makers } from './hostileMakers';

/** Creates each message about an input. */
export const INPUT_MAKERS = {
  unresolved: ({ text }) => [inputs.unresolved(text())],
  invisible: ({ text, texts }) => [
    inputs.invisible({ part: text(), codes: ['U+200B'] }),
    inputs.invisible({ part: text(), codes: texts() }),
  ],
  vm: ({ text }) => [inputs.vm(text())],
  otherMachine: ({ text }) =>
    (['classic', 'scaleSet', 'arc'] as const).map((kind) => inputs.otherMachine(text(), kind)),
  vmWithoutSubscription: ({ text }) => [inputs.vmWithoutSubscription(text())],
  ports: ({ texts }) => [inputs.ports(texts())],
  duration: ({ text }) => [inputs.duration(text())],
  durationRange: ({ text }) => [inputs.durationRange(text())],
  waitTimeout: ({ text }) => [inputs.waitTimeout(text())],
  waitTimeoutRange: ({ text }) => [inputs.waitTimeoutRange(text())],
  choice: ({ text, texts }) => [inputs.choice(text(), texts())],
  vmFilter: ({ text }) =>
    (
      ['operator', 'comment', 'word', 'bracket', 'openBracket', 'openText', 'multiLineText', 'quote'] as const
    ).map((kind) => inputs.vmFilter({ kind, part: text() })),
  subscriptionId: ({ text }) => [inputs.subscriptionId(text())],
  maxVms: ({ text }) => [inputs.maxVms(text(), 5000)],
  policyName: ({ text }) => [inputs.policyName(text())],
  echoUrl: ({ text }) => [inputs.echoUrl(text())],
  probeHost: ({ text }) => [inputs.probeHost(text())],
  source: ({ text }) =>
    (['hostBits', 'everything', 'ipv6', 'tag', 'mixed', 'notIpv4'] as const).map((problem) =>
      inputs.source({ text: text(), problem, network: text() }),
    ),
} satisfies Makers<typeof inputs>;
