import { el } from './dom';

/**
 * Creates a button that saves a text as a file. The file is created on a click, and nothing is sent over the network.
 */
export function toDownload(words: string, file: string, type: string, make: () => string): HTMLElement {
  const button = el('button', { type: 'button' }, words);
  button.addEventListener('click', () => {
    const address = URL.createObjectURL(new Blob([make()], { type }));
    const link = el('a', { href: address, download: file });
    link.click();
    URL.revokeObjectURL(address);
  });
  return button;
}
