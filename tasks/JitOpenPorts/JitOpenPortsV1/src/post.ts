import { hasNothingToClose, STATE_VARIABLE } from './plan/state';
import { markClosing } from './host/closingMark';
import { peekNote } from './host/noteForm';

markClosing();
// Most steps leave nothing to close, and do not need to load the whole program.
if (!hasNothingToClose(peekNote(STATE_VARIABLE))) {
  void import('./index.js').then(({ runPostJob }) => runPostJob());
}
