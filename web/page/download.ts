import { el } from './dom';

/** A button that saves a text as a file. The file is made when somebody wants it, and nothing is sent anywhere. */
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
