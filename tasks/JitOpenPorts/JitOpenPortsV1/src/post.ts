import { hasNothingToClose, STATE_VARIABLE } from '../../../shared/access/state';
import { peekNote } from '../../../shared/host/noteForm';

// Most steps leave nothing to close: they are spared the start of the whole program.
if (!hasNothingToClose(peekNote(STATE_VARIABLE))) {
  void import('./index.js').then(({ runAfter }) => runAfter());
}
