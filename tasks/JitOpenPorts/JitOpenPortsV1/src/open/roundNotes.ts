import type { Log } from '../../../../shared/core/log';
import { notesOfRound } from '../messages/waiting';

/** What the rounds of a wait say about single VMs and networks. */
export interface RoundNotes {
  note: (text: string) => void;
  /** Called at the end of each round. */
  flush(): void;
}

/** Notes are lines of the log at once. For many VMs, those of a round are one folded part at its end. */
export function createRoundNotes(log: Log, isFolded: boolean): RoundNotes {
  let texts: string[] = [];
  return {
    note(text) {
      if (isFolded) texts.push(text);
      else log.line(text);
    },
    flush() {
      if (texts.length === 0) return;
      log.group(notesOfRound(texts.length));
      for (const text of texts) log.line(text);
      log.endGroup();
      texts = [];
    },
  };
}
