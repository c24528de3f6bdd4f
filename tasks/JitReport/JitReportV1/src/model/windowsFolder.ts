/**
 * Windows takes these for devices wherever they stand, with any ending: `aux.txt`, `NUL`. Node goes around that rule, and
 * makes folders that no other program can open or delete; with a dot or a space at the end it is the same.
 */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[1-9¹²³]) *(?:\.|$)/i;
const IMPOSSIBLE = /[<>:"|?*\p{Cc}]/u;
/** `C:`, and what stands before a long path and before a drive in it. A server and its share have no such marks. */
const BEFORE = /^(?:[\\/]{2}[?.][\\/])?(?:[a-z]:)?/i;

/** The parts of a path that Windows would not take as they are written; those that lead upwards are none. */
export const wrongOnWindows = (folder: string): readonly string[] =>
  folder
    .replace(BEFORE, '')
    .split(/[\\/]/)
    .filter((part) => !/^\.{0,2}$/.test(part))
    .filter((part) => /[. ]$/.test(part) || DEVICE.test(part) || IMPOSSIBLE.test(part));
