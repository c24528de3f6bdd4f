/**
 * The fields with values from Azure’s own vocabulary, which are kept if they have the form of a word. All other texts
 * that are not an ID, address, time, or number are replaced.
 */
export const WORDS: ReadonlySet<string> = new Set(
  [
    ...['access', 'action', 'actions', 'direction', 'protocol', 'protocols', 'kind', 'location', 'type'],
    ...['status', 'statusReason', 'provisioningState', 'priority', 'level', 'category', 'operation'],
    ...['code', 'displayStatus', 'osType', 'vmSize', 'tier', 'addressPrefixType', 'flag', 'resultTruncated'],
    ...['privateIPAddressVersion', 'privateIPAllocationMethod', 'publicIPAddressVersion'],
    ...['publicIPAllocationMethod', 'deleteOption', 'peeringState', 'peeringSyncLevel', 'memberType'],
    ...['notActions', 'dataActions', 'notDataActions', 'threatIntelMode', 'cause', 'hyperVGeneration'],
    ...['maxRequestAccessDuration', 'duration', 'sourcePortRange', 'sourcePortRanges', 'eventName'],
    ...['destinationPortRange', 'destinationPortRanges', 'destinationPorts', 'translatedPort', 'localPort'],
    ...['remotePort', 'operationName', 'resourceProviderName', 'resourceType', 'subStatus', 'eventCategory'],
  ].map((name) => name.toLowerCase()),
);

/** The fields with addresses, CIDRs, or service tags. */
export const PREFIXES: ReadonlySet<string> = new Set(
  [
    ...[
      'sourceAddressPrefix',
      'sourceAddressPrefixes',
      'destinationAddressPrefix',
      'destinationAddressPrefixes',
    ],
    ...['allowedSourceAddressPrefix', 'allowedSourceAddressPrefixes', 'addressPrefix', 'addressPrefixes'],
    ...['sourceAddresses', 'destinationAddresses'],
  ].map((name) => name.toLowerCase()),
);

/** Whether a text can be a word of a vocabulary: short, and without anything that a person would write. */
export const isWord = (text: string): boolean => text.length <= 80 && /^[\w.*/: ,-]*$/.test(text);

/** For example `Internet`, `VirtualNetwork`, or `Storage.WestEurope`. */
export const isServiceTag = (text: string): boolean =>
  /^[A-Z][A-Za-z]{2,40}(\.[A-Z][A-Za-z]{2,30}\d?)?$/.test(text);

/** Times, durations, numbers, `*`, and versions, which are harmless anywhere. */
export const isPlain = (text: string): boolean =>
  /^(\*|[\d.,-]{1,12}|\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)|P[\dDTHMS]{1,12}|\d{4}-\d\d-\d\d(-preview)?)$/.test(
    text,
  );

/** Words that messages quote, and that are not names. */
const QUOTED = new Set([
  'endtimeutc',
  'duration',
  'allowedsourceaddressprefix',
  'allowedsourceaddressprefixes',
  'id',
]);

/** An action, a version, or a field, which a message can quote. */
export const isQuotable = (text: string): boolean =>
  QUOTED.has(text.toLowerCase()) ||
  /^Microsoft\.[A-Za-z]+(\/[\w*]+)+(, ?Microsoft\.[\w./*]+)*$/i.test(text) ||
  /^[\d-]+(-preview)?(, ?[\d-]+(-preview)?)*$/.test(text);
