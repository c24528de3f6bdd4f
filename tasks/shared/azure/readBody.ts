import { AbortError } from '@azure/abort-controller';
import { RestError } from '@azure/core-rest-pipeline';

/**
 * The maximum size of a decoded response in bytes: 64 MiB. The largest responses are pages of lists, with a thousand
 * rows or a few hundred resources of some kilobytes each: a few megabytes. A small response that expands to more than
 * this limit does not come from Azure.
 */
export const LARGEST_BODY = 64 * 2 ** 20;

const BYTE_ORDER_MARK = '\uFEFF';

/** A stream of Node, which has more members than the type of the SDK's responses. */
interface Body extends NodeJS.ReadableStream {
  destroy(error?: Error): unknown;
}

/**
 * Returns the text of a body, or `undefined` once it is larger than `LARGEST_BODY`. Throws a `RestError` if the body
 * breaks off or cannot be decoded, or the signal fires. The connection of a body that is not read to its end is closed.
 */
export async function readBody(
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
): Promise<string | undefined> {
  const body = stream as Body;
  // A decoder that ends early detaches from the encoded stream, which must be destroyed too.
  body.once('unpipe', (encoded: Body) => encoded.destroy());
  const stop = () => body.destroy(new AbortError('The answer was given up.'));
  signal.addEventListener('abort', stop, { once: true });
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      size += part.length;
      // Leaving the loop destroys the stream.
      if (size > LARGEST_BODY) return undefined;
      parts.push(part);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RestError(`The body could not be read: ${why}`, { code: RestError.PARSE_ERROR });
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const text = Buffer.concat(parts).toString('utf8');
  // Some services of Azure begin JSON with it (terraform-provider-azapi#1098).
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
