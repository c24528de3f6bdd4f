/** `it` if a TCP target can be silent. Only Linux drops handshakes when a queue is full. */
export function itWithSilence(title: string, body: () => Promise<void>): void {
  if (process.platform === 'linux') it(title, body);
}
