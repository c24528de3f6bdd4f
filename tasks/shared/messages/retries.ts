import { roundedText } from '../core/durations';
import { say } from '../core/text';

export const pausing = (reason: string, waitMs: number): string =>
  say`Azure does not answer as it should (${reason}); trying again in ${roundedText(waitMs)}.`;
