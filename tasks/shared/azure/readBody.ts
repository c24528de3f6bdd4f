import { AbortError } from '@azure/abort-controller';
import { RestError } from '@azure/core-rest-pipeline';

/**
 * The most that an answer may hold, decoded, in bytes: 64 MiB. The largest are the pages of lists, a thousand rows or a few
 * hundred resources of some kilobytes each: a few megabytes. A small one that unpacks to more than this is no answer of Azure.
 */
export const LARGEST_BODY = 64 * 2 ** 20;

/** A stream of Node, which has more than the type of the SDK's answers says. */
interface Body extends NodeJS.ReadableStream {
  destroy(error?: Error): unknown;
}

/**
 * The text of a body; nothing, as soon as it is larger than `LARGEST_BODY`. Throws a `RestError` for one that breaks off or
 * cannot be decoded, and when the signal fires. The connection of a body that was not read to its end is closed.
 */
export async function readBody(
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
): Promise<string | undefined> {
  const body = stream as Body;
  // What is decoded leaves behind what it was decoded from.
  body.once('unpipe', (encoded: Body) => encoded.destroy());
  const stop = () => body.destroy(new AbortError('The answer was given up.'));
  signal.addEventListener('abort', stop, { once: true });
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      size += part.length;
      // Leaving the loop ends the stream.
      if (size > LARGEST_BODY) return undefined;
      parts.push(part);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RestError(`The body could not be read: ${why}`, { code: RestError.PARSE_ERROR });
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return Buffer.concat(parts).toString('utf8');
}
