/** Values that identify an owner, at any position in a text. */

export const GUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi;
/** Without dashes. At the end of a rule name, it is part of the name. */
export const BARE_GUID = /(?<![\w-])([\da-f]{8})([\da-f]{4})([\da-f]{4})([\da-f]{4})([\da-f]{12})(?![\w-])/gi;
/** Also where the `@` is percent-encoded. */
export const MAIL =
  /[\p{L}\p{M}\p{N}_.+#-]+(?:@|%(?:25)*40)[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)+/gu;
/** A security identifier of Windows, and the address of a network card. */
export const SID = /\bS-1-\d+(?:-\d+){2,}\b/gi;
export const MAC = /(?<![\da-f:-])[\da-f]{2}(?:([:-])[\da-f]{2})(?:\1[\da-f]{2}){4}(?![\da-f:-])/gi;
export const URL_TEXT = /https?:\/\/[^\s"'<>)\]]+/g;
export const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\d.]*\d)/g;
/** As used in host names. */
export const DASHED_IPV4 = /(?<!\d|\d-)\d{1,3}(?:-\d{1,3}){3}(?!\d|-\d)/g;
export const IPV6 = /(?<![\w:.])(?=[\da-f:]*:[\da-f:]*:)[\da-f:]{3,39}(?:\/\d{1,3})?(?![\w:])/gi;
/** The ID of a resource, or the end of one. */
export const ID = /(?<![\w.-])\/?(?:subscriptions|resourcegroups|providers)\/[^\s"'<>?#;,()]+/gi;
/** The same with percent-encoding, which can have been applied more than once. */
export const ENCODED_ID =
  /(?:%(?:25)*2F|\b)(?:subscriptions|resourcegroups|providers)%(?:25)*2F[\w%.~()-]+/gi;
/** Text in single quotes, but not an apostrophe. */
export const SINGLE_QUOTED = /(?<![A-Za-z])'([^']{1,4000})'(?![A-Za-z])/g;
/** Text in backticks, or in typographic quotes. */
export const OTHER_QUOTED = /([`‘“„«])([^`‘’“”„«»]{1,4000})([`’”“»])/g;
/** Text in double quotes; before a colon it is the name of a field, whose text follows. */
export const DOUBLE_QUOTED = /(?<!\\)"((?:[^"\\]|\\.)*)"(?:(\s*:\s*)(?:"((?:[^"\\]|\\.)*)")?)?/g;

const LABEL = '[a-z\\d](?:[a-z\\d-]*[a-z\\d])?';
const ENDS =
  'com|net|org|info|biz|dev|app|cloud|local|localdomain|internal|intern|intranet|lan|corp|home|private';
/** The name of a host or a tenant: three parts, or two with a common top-level domain. */
export const HOST = new RegExp(
  `(?<![\\w@.-])(?:${LABEL}\\.(?:${LABEL}\\.)+[a-z]{2,}|${LABEL}\\.(?:${ENDS}|[a-z]{2}))(?![\\w-])`,
  'gi',
);

/** Hosts that everyone uses, and values with the same form: namespaces of Azure, and fields. */
export const isCommonHost = (text: string): boolean =>
  /^(?:microsoft\..*|properties\..*|example\.com|management\.azure\.com|login\.microsoftonline\.com|learn\.microsoft\.com|aka\.ms)$/i.test(
    text,
  ) || /[a-z][A-Z]/.test(text);
