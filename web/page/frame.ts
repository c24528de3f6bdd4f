import { el } from './dom';

/** The fixed parts of a page: title, status, errors, and content. */
export interface Frame {
  /** Shows the status, and announces it to screen readers. */
  readonly status: (text: string) => void;
  /** Shows whether more content is to come. */
  more(text: string): void;
  /** Shows and announces an error in the same way, with a button to retry. */
  trouble(text: string, retry: { readonly words: string; readonly act: () => void }): void;
  calm(): void;
  show(content: HTMLElement): void;
}

export function createFrame(title: string): Frame {
  const status = el('p', { role: 'status', class: 'status' });
  const trouble = el('div', { role: 'alert', class: 'trouble', hidden: '' });
  const content = el('div');
  const more = el('p', { class: 'soft' });
  document.body.replaceChildren(el('main', {}, el('h1', {}, title), status, more, trouble, content));
  return {
    status(text) {
      if (status.textContent !== text) status.textContent = text;
    },
    more(text) {
      more.textContent = text;
      more.hidden = text === '';
    },
    trouble(text, { words, act }) {
      const button = el('button', { type: 'button' }, words);
      button.addEventListener('click', act);
      trouble.replaceChildren(el('p', {}, text), button);
      trouble.hidden = false;
    },
    calm() {
      trouble.hidden = true;
      trouble.replaceChildren();
    },
    show(part) {
      content.replaceChildren(part);
    },
  };
}
