import type { EchoAnswer } from '../plan/echo';
import { say } from '../../../../shared/core/text';
import { CodedError } from '../../../../shared/core/errors';

const answersText = (answers: readonly EchoAnswer[]): string =>
  answers
    .map((answer) =>
      answer.kind === 'text'
        ? say`${answer.service} answered "${answer.text.slice(0, 60)}"`
        : say`${answer.service} did not answer (${answer.reason})`,
    )
    .join('; ');

const OWN =
  'Or name your own services in ipEchoUrls, give the address in sourceIp, or use the address that Azure sees with sourceIp: azure.';

export const noAnswer = (answers: readonly EchoAnswer[]): CodedError =>
  new CodedError({
    code: 'JIT501',
    seen: `This agent's public address could not be determined, because too few address services returned one: ${answersText(answers)}.`,
    remedy: `Allow the agent to reach ${answers.length === 1 ? 'this service' : 'two of these services'} over HTTPS. ${OWN}`,
  });

export const disagreement = (answers: readonly EchoAnswer[]): CodedError =>
  new CodedError({
    code: 'JIT502',
    seen: `The address services disagree about this agent's public address: ${answersText(answers)}.`,
    remedy:
      'If the agent has several outbound addresses, give them all in sourceIp, as a list or a CIDR. If one of the services is wrong, name two others in ipEchoUrls.',
  });

export const notPublic = (answer: string, answers: readonly EchoAnswer[]): CodedError =>
  new CodedError({
    code: 'JIT503',
    seen:
      say`The address services see this agent at ${answer}, which is not a public IPv4 address: ` +
      `${answersText(answers)}.`,
    remedy:
      'If the agent reaches the VM inside the network, give its private address in sourceIp. If the agent connects over IPv6, give it outbound IPv4 access, because just-in-time access does not support IPv6.',
  });

export const outvoted = (dissenter: EchoAnswer, address: string): string =>
  say`${dissenter.service} reports another address, "${dissenter.kind === 'text' ? dissenter.text.slice(0, 60) : ''}". The other services agree on ${address}, which is used.`;

export const foundThroughProxy = (address: string): string =>
  say`The address services answered only through the agent's proxy, which they see at ${address}. Connections that do not go through the proxy, such as SSH, may come from another address. In that case, give that address in sourceIp.`;
