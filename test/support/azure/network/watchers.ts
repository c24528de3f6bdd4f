import { randomUUID } from 'node:crypto';
import { API_VERSIONS, nameIn, type ArmRequest, type Route } from '../arm/routes';
import { json, refuse, type Answer } from '../http/answers';
import type { Settings } from '../settings';
import { decide, type Decision, type Names, type Packet } from './ipFlow';
import { DEFAULT_SUBSCRIPTION, resourceId, type Topology } from './topology';

const TYPE = 'Microsoft.Network/networkWatchers';
const ID = '/subscriptions/{subscription}/resourceGroups/{group}/providers';
const { network: apiVersion } = API_VERSIONS;

/** A network watcher. Azure creates one for each region of a subscription that has a network. */
export interface NewWatcher {
  /** Default `westeurope`. */
  readonly location?: string;
  /** Default `NetworkWatcher_<location>`. */
  readonly name?: string;
  readonly subscriptionId?: string;
  /** The prefixes of service tags, by the tag in lower case. */
  readonly tags?: Readonly<Record<string, readonly string[]>>;
}

/** The service tags that each watcher knows, by its ID in lower case. */
export type Watchers = Map<string, Required<NewWatcher>>;

/** Adds a network watcher to a subscription, in the group that Azure uses for them, and returns its ID. */
export function addWatcher(wanted: NewWatcher, topology: Topology, watchers: Watchers): string {
  const { location = 'westeurope', subscriptionId = DEFAULT_SUBSCRIPTION, tags = {} } = wanted;
  const name = wanted.name ?? `NetworkWatcher_${location}`;
  const id = resourceId({ subscriptionId, resourceGroup: 'NetworkWatcherRG' }, TYPE, name);
  topology.addGroup(subscriptionId, 'NetworkWatcherRG');
  const properties = { provisioningState: 'Succeeded' };
  topology.put({ id, json: () => ({ name, id, type: TYPE, location, properties }) });
  watchers.set(id.toLowerCase(), { location, name, subscriptionId, tags });
  return id;
}

/** The fields of IP flow verify. All except the NIC are required, and each is a text. */
const FIELDS = {
  targetResourceId: /^\/subscriptions\/.*\/virtualMachines\/[^/]+$/i,
  direction: /^(Inbound|Outbound)$/,
  protocol: /^(TCP|UDP)$/,
  localPort: /^\d{1,5}$/,
  remotePort: /^(\*|\d{1,5})$/,
  localIPAddress: /^\d+(\.\d+){3}$/,
  remoteIPAddress: /^\d+(\.\d+){3}$/,
  targetNicResourceId: /^\/subscriptions\/.*\/networkInterfaces\/[^/]+$/i,
} as const;
type Field = keyof typeof FIELDS;
type Body = Readonly<Record<Exclude<Field, 'targetNicResourceId'>, string>> & {
  readonly targetNicResourceId?: string;
};

/** A result, and when it is available. */
interface Operation {
  readonly readyAt: number;
  readonly result: object;
}

/**
 * Creates the list of network watchers, and IP flow verify. If `verdictMs` is 0, the result is in the response.
 * Otherwise, the response is 202 with `null` and the URL of the result, as recorded for the similar operation
 * `nextHop`, until the time is over.
 */
export function createWatcherRoutes(
  topology: Topology,
  watchers: Watchers,
  settings: Readonly<Settings>,
  now: () => number,
  violate: (sentence: string) => void,
): Route[] {
  const operations = new Map<string, Operation>();
  return [
    {
      kind: 'watchers.list',
      method: 'GET',
      path: `/subscriptions/{subscription}/providers/${TYPE}`,
      apiVersion,
      action: `${TYPE}/read`,
      isList: true,
      // The definitions have no pages for this list.
      handle: (request) =>
        json(200, {
          value: topology.list(nameIn(request, 'subscription'), TYPE).map(({ resource }) => resource.json()),
        }),
    },
    {
      kind: 'ipFlowVerify',
      method: 'POST',
      path: `${ID}/${TYPE}/{name}/ipFlowVerify`,
      apiVersion,
      action: `${TYPE}/ipFlowVerify/action`,
      handle: verify,
    },
    {
      kind: 'flowResult',
      method: 'GET',
      path: '/subscriptions/{subscription}/providers/Microsoft.Network/locations/{location}/operationResults/verdict-{operation}',
      apiVersion,
      // The signature in this URL is new in each response.
      query: ['t', 'c', 's', 'h'],
      action: 'Microsoft.Network/locations/operationResults/read',
      handle: (request) => {
        const operation = operations.get(nameIn(request, 'operation'));
        if (!operation) throw refuse(404, 'OperationNotFound', 'The operation could not be found.');
        return operation.readyAt <= now()
          ? json(200, operation.result)
          : accepted(request.origin, request.path);
      },
    },
  ];

  function accepted(origin: string, path: string): Answer {
    const seal = randomUUID();
    const signed = `t=${String(now())}&c=MII&s=${seal}&h=${seal}`;
    return json(202, null, { location: `${origin}${path}?api-version=${apiVersion}&${signed}` });
  }

  function verify(request: ArmRequest): Answer {
    const id = decodeURIComponent(request.path).replace(/\/[^/]+$/, '');
    topology.read(id);
    const watcher = watchers.get(id.toLowerCase());
    if (!watcher) throw new Error(`There is no network watcher ${id}.`);
    const result = verdictOn(readBody(request.text), watcher, topology, settings);
    if (settings.verdictMs === 0) return json(200, result);
    const operation = randomUUID();
    operations.set(operation, { readyAt: now() + settings.verdictMs, result });
    const path = `/subscriptions/${watcher.subscriptionId}/providers/Microsoft.Network/locations/${watcher.location}/operationResults/verdict-${operation}`;
    return accepted(request.origin, path);
  }

  function readBody(text: string): Body {
    const body = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const wrong = [
      ...Object.keys(body).filter((name) => !(name in FIELDS)),
      ...Object.entries(FIELDS).flatMap(([name, pattern]) => {
        const value = body[name];
        if (value === undefined && name === 'targetNicResourceId') return [];
        return typeof value === 'string' && pattern.test(value) ? [] : [name];
      }),
      // The direction decides which of the two can be any port.
      ...(body['direction'] === 'Inbound' && body['localPort'] === '*' ? ['localPort'] : []),
    ];
    if (wrong.length > 0) {
      violate(`ipFlowVerify was asked with wrong fields: ${wrong.join(', ')} in ${text}.`);
      throw refuse(400, 'InvalidRequestFormat', `The fields ${wrong.join(', ')} are invalid.`);
    }
    return body as Body;
  }
}

/** @throws Refusal if IP flow verify returns an error. The codes are invented. */
export function verdictOn(
  body: Body,
  { subscriptionId, location, tags }: Required<NewWatcher>,
  topology: Topology,
  settings: Readonly<Settings>,
): Decision {
  const vm = topology.read(body.targetResourceId, true) as VmJson;
  if (vm.location !== location || vm.id.split('/')[2] !== subscriptionId)
    throw refuse(
      400,
      'TargetResourceNotInRegion',
      'The target resource is in another region or subscription.',
    );
  const states = vm.properties.instanceView?.statuses ?? [];
  if (!states.some(({ code }) => code === 'PowerState/running'))
    throw refuse(400, 'VirtualMachineNotRunning', 'The virtual machine has to be in the running state.');
  const nicIds = vm.properties.networkProfile.networkInterfaces.map(({ id }) => id.toLowerCase());
  const nicId = (body.targetNicResourceId ?? nicIds[0] ?? '').toLowerCase();
  if (!nicIds.includes(nicId))
    throw refuse(400, 'InvalidNic', 'The NIC is not attached to the target resource.');
  const { networkSecurityGroup, ipConfigurations } = (topology.read(nicId) as NicJson).properties;
  const own = ipConfigurations.find(({ properties }) => properties.privateIPAddress === body.localIPAddress);
  if (!own) throw refuse(400, 'InvalidLocalAddress', 'The local address is none of the NIC.');
  if (settings.verdicts !== 'byRules') return { access: settings.verdicts, ruleName: 'UserRule_elsewhere' };
  const subnetId = own.properties.subnet.id;
  const vnet = topology.vnets.get(subnetId.toLowerCase().replace(/\/subnets\/.*$/, ''));
  const subnet = [...(vnet?.subnets.values() ?? [])].find(
    ({ id }) => id.toLowerCase() === subnetId.toLowerCase(),
  );
  const nicGroup = networkSecurityGroup && topology.securityGroup(networkSecurityGroup.id);
  const groups = [subnet?.securityGroup, nicGroup].filter((group) => group !== undefined);
  if (groups.length === 0) throw refuse(400, 'NoSecurityGroup', 'No network security group is applied.');
  const packet: Packet = {
    ...{ source: body.remoteIPAddress, destination: body.localIPAddress },
    ...{ port: Number(body.localPort), protocol: body.protocol as Packet['protocol'] },
  };
  const names: Names = {
    vnet: [...(vnet?.prefixes ?? []), ...(vnet?.peers ?? []).flatMap(({ other }) => other.prefixes)],
    tags,
    membersOf: (groupId) => membersOf(groupId, subscriptionId, topology),
  };
  return decide(vnet?.adminRules ?? [], groups, packet, names);
}

function membersOf(groupId: string, subscriptionId: string, topology: Topology): readonly string[] {
  return topology.list(subscriptionId, 'Microsoft.Network/networkInterfaces').flatMap(({ resource }) =>
    (resource.json() as NicJson).properties.ipConfigurations.flatMap(({ properties }) => {
      const groups = properties.applicationSecurityGroups ?? [];
      return groups.some(({ id }) => id.toLowerCase() === groupId.toLowerCase())
        ? [properties.privateIPAddress]
        : [];
    }),
  );
}

interface VmJson {
  readonly id: string;
  readonly location: string;
  readonly properties: {
    readonly instanceView?: { readonly statuses: readonly { readonly code: string }[] };
    readonly networkProfile: { readonly networkInterfaces: readonly { readonly id: string }[] };
  };
}

interface NicJson {
  readonly properties: {
    readonly networkSecurityGroup?: { readonly id: string };
    readonly ipConfigurations: readonly {
      readonly properties: {
        readonly privateIPAddress: string;
        readonly subnet: { readonly id: string };
        readonly applicationSecurityGroups?: readonly { readonly id: string }[];
      };
    }[];
  };
}
