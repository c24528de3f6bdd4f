import { CROWD, isCrowd, type OfVm } from '../core/crowd';
import { isAny, textsOf, type Prefix } from '../core/prefixes';
import type { PortRequest } from '../core/requests';
import { formatUtc, listText, say } from '../core/text';

/** `web-01, port 22`: where a line begins with it, or lists it. */
export const portText = ({
  vm,
  port,
}: {
  readonly vm: { readonly name: string };
  readonly port: number;
}): string => say`${vm.name}, port ${port}`;

/** `port 22 of web-01`: inside a sentence, where a comma would part it. */
export const portOf = ({ vm, port }: Parameters<typeof portText>[0]): string =>
  say`port ${port} of ${vm.name}`;

/** `web-01, port 22, from 20.50.1.7`. */
export const portFrom = (at: Parameters<typeof portText>[0], sources: readonly Prefix[]): string =>
  `${portText(at)}, ${sourceText(sources)}`;

/** Several of them, or of requests: each has commas of its own. */
export const listPorts = (texts: readonly string[]): string => texts.join('; ');

/** The same of things of which only the first are named where they are about many VMs. */
export const eachPort = <T extends OfVm>(things: readonly T[], toText: (thing: T) => string): string =>
  listPorts(
    isCrowd(things)
      ? [...things.slice(0, CROWD).map(toText), `${String(things.length - CROWD)} more`]
      : things.map(toText),
  );

/** `from 20.50.1.7`, or `from any address`. */
export const sourceText = (sources: readonly Prefix[]): string =>
  sources.some(isAny) ? 'from any address' : say`from ${listText(textsOf(sources))}`;

/** Who requested it: a person's name, or the run whose URL a pipeline wrote into its justification. */
export function requestText({ request, port }: PortRequest): string {
  const who = request.requestor || 'a service principal';
  const why = request.justification ? say` ("${request.justification}")` : '';
  return say`${who}, ` + sourceText(port.sources) + say` until ${formatUtc(port.endsAt)}` + why;
}
