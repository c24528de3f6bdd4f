import { roundedText } from '../core/durations';
import { say } from '../core/text';

export const pausing = (reason: string, waitMs: number): string =>
  say`Azure did not answer as expected (${reason}). Trying again in ${roundedText(waitMs)}.`;
