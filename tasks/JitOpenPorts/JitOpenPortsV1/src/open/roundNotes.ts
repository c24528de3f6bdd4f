import type { Log } from '../../../../shared/core/log';
import { notesOfRound } from '../messages/waiting';

/** The notes that the rounds of a wait make about individual VMs and networks. */
export interface RoundNotes {
  note: (text: string) => void;
  /** Called at the end of each round. */
  flush(): void;
}

/** Logs each note immediately. For many VMs, logs the notes of a round as one folded group at its end. */
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
