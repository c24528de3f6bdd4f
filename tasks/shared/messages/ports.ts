import { CROWD, isCrowd, type OfVm } from '../core/crowd';
import { isAny, textsOf, type Prefix } from '../core/prefixes';
import type { PortRequest } from '../core/requests';
import { formatUtc, listText, say } from '../core/text';

/** Formats `web-01, port 22`, for the start of a line or an entry of a list. */
export const portText = ({
  vm,
  port,
}: {
  readonly vm: { readonly name: string };
  readonly port: number;
}): string => say`${vm.name}, port ${port}`;

/** Formats `port 22 of web-01`, for the inside of a sentence, which a comma would split. */
export const portOf = ({ vm, port }: Parameters<typeof portText>[0]): string =>
  say`port ${port} of ${vm.name}`;

/** Formats `web-01, port 22, from 20.50.1.7`. */
export const portFrom = (at: Parameters<typeof portText>[0], sources: readonly Prefix[]): string =>
  `${portText(at)}, ${sourceText(sources)}`;

/** Lists ports or requests, separated by semicolons, because each of them contains commas. */
export const listPorts = (texts: readonly string[]): string => texts.join('; ');

/** Lists things in the same way. If they are about many VMs, only the first ones are named. */
export const eachPort = <T extends OfVm>(things: readonly T[], toText: (thing: T) => string): string =>
  listPorts(
    isCrowd(things)
      ? [...things.slice(0, CROWD).map(toText), `${String(things.length - CROWD)} more`]
      : things.map(toText),
  );

/** Formats `from 20.50.1.7`, or `from any address`. */
export const sourceText = (sources: readonly Prefix[]): string =>
  sources.some(isAny) ? 'from any address' : say`from ${listText(textsOf(sources))}`;

/** Describes a request: who made it, its sources, its end, and its justification, in which a pipeline names its run. */
export function requestText({ request, port }: PortRequest): string {
  const who = request.requestor || 'a service principal';
  const why = request.justification ? say` ("${request.justification}")` : '';
  return say`${who}, ` + sourceText(port.sources) + say` until ${formatUtc(port.endsAt)}` + why;
}
