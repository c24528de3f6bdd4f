import { isAny, textsOf, type Prefix } from '../core/prefixes';
import type { PortRequest } from '../core/requests';
import { formatUtc, listText, say } from '../core/text';

/** `web-01 port 22`. */
export const portText = ({
  vm,
  port,
}: {
  readonly vm: { readonly name: string };
  readonly port: number;
}): string => say`${vm.name} port ${port}`;

/** `from 20.50.1.7`, or `from any address`. */
export const sourceText = (sources: readonly Prefix[]): string =>
  sources.some(isAny) ? 'from any address' : say`from ${listText(textsOf(sources))}`;

/** Who asked: a person's name, or the run whose URL a pipeline wrote into its justification. */
export function requestText({ request, port }: PortRequest): string {
  const who = request.requestor || 'a service principal';
  const why = request.justification ? say` ("${request.justification}")` : '';
  return say`${who}, ` + sourceText(port.sources) + say`, until ${formatUtc(port.endsAt)}` + why;
}
