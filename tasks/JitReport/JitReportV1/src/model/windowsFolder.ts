/**
 * Windows treats these names as devices in every folder and with any extension: `aux.txt`, `NUL`. Node bypasses that
 * rule, and creates folders that no other program can open or delete. The same applies to a name with a period or a
 * space at its end.
 */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[1-9¹²³]) *(?:\.|$)/i;
const IMPOSSIBLE = /[<>:"|?*\p{Cc}]/u;
/** A drive such as `C:`, and the prefix of a long path. A server and its share have no such characters. */
const BEFORE = /^(?:[\\/]{2}[?.][\\/])?(?:[a-z]:)?/i;

/** Returns the parts of a path that Windows does not accept as they are written. `.` and `..` are accepted. */
export const wrongOnWindows = (folder: string): readonly string[] =>
  folder
    .replace(BEFORE, '')
    .split(/[\\/]/)
    .filter((part) => !/^\.{0,2}$/.test(part))
    .filter((part) => /[. ]$/.test(part) || DEVICE.test(part) || IMPOSSIBLE.test(part));
