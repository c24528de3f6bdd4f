import type { EchoAnswer } from '../plan/echo';
import { say } from '../../../../shared/core/text';
import { CodedError } from '../../../../shared/core/errors';

const answersText = (answers: readonly EchoAnswer[]): string =>
  answers
    .map((answer) =>
      answer.kind === 'text'
        ? say`${answer.service} said "${answer.text.slice(0, 60)}"`
        : say`${answer.service} gave no answer (${answer.reason})`,
    )
    .join('; ');

const OWN =
  'Or name your own services in ipEchoUrls, or give the address in sourceIp, or let Azure take the address that it sees with sourceIp: azure.';

export const noAnswer = (answers: readonly EchoAnswer[]): CodedError =>
  new CodedError({
    code: 'JIT501',
    seen: `This agent's public address could not be found out, because too few address services gave one: ${answersText(answers)}.`,
    remedy: `Let the agent reach ${answers.length === 1 ? 'this service' : 'two of these services'} over https. ${OWN}`,
  });

export const disagreement = (answers: readonly EchoAnswer[]): CodedError =>
  new CodedError({
    code: 'JIT502',
    seen: `The address services disagree about this agent's public address: ${answersText(answers)}.`,
    remedy:
      'The agent may go out by several addresses: then give them all in sourceIp, as a list or a CIDR. One of the services may be wrong: then name two others in ipEchoUrls.',
  });

export const notPublic = (answer: string, answers: readonly EchoAnswer[]): CodedError =>
  new CodedError({
    code: 'JIT503',
    seen:
      say`The address services see this agent at ${answer}, which is not a public IPv4 address: ` +
      `${answersText(answers)}.`,
    remedy:
      'When the agent reaches the VM inside the network, give its private address in sourceIp; when it goes out by IPv6, give it a way out by IPv4, because just-in-time access has no IPv6.',
  });

export const outvoted = (dissenter: EchoAnswer, address: string): string =>
  say`${dissenter.service} names another address, "${dissenter.kind === 'text' ? dissenter.text.slice(0, 60) : ''}"; the others agree on ${address}, which is used.`;

export const foundThroughProxy = (address: string): string =>
  say`The address services answered only through the agent's proxy, which they see at ${address}. Connections that do not go through the proxy, such as ssh, may come from another address: then give it in sourceIp.`;
