import { roundedText } from '../core/durations';
import { say } from '../core/text';

export const pausing = (reason: string, waitMs: number): string =>
  say`Azure did not respond as expected (${reason}). Trying again in ${roundedText(waitMs)}.`;
