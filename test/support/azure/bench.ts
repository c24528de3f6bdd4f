import { randomUUID } from 'node:crypto';
import { createCaller, type Caller, type Reply } from './caller';
import type { Principal } from './identity/principals';
import type { PolicyHandle } from './jit/service';
import type { Vm } from './network/vms';
import type { SimulatedAzure } from './simulatedAzure';

/** A port in the service's responses. */
export interface WirePort {
  readonly number: number;
  readonly allowedSourceAddressPrefix?: string;
  readonly allowedSourceAddressPrefixes?: readonly string[];
  readonly endTimeUtc: string;
  readonly status: string;
  readonly statusReason: string;
  readonly mappedPort?: number;
}

/** A request in the service's responses. */
export interface WireRequest {
  readonly virtualMachines: readonly { readonly id: string; readonly ports: readonly WirePort[] }[];
  readonly startTimeUtc: string;
  readonly requestor: string;
}

export interface WirePolicy {
  readonly requests: readonly WireRequest[];
  readonly provisioningState: string;
}

export const JIT_VERSION = 'api-version=2020-01-01';
export const HOUR_MS = 3_600_000;

/** A VM in a resource group of its own, its policy, and a principal with all permissions there. */
export interface Bench {
  readonly caller: Caller;
  readonly vm: Vm;
  /** Allows 22 from every address, and 3389 from `20.50.0.0/16` and `20.60.1.2`, for three hours each. */
  readonly policy: PolicyHandle;
  /** Returns an ISO 8601 time this far after Azure's time. */
  inMs(ms: number): string;
  /** Requests one port, for an hour unless the fields override that. */
  initiate(fields: object, number?: number): Promise<Reply>;
  /** Sends any body to `initiate` of any policy. */
  initiateWith(body: unknown, policyId?: string): Promise<Reply>;
  readPolicy(): Promise<WirePolicy>;
  /** Returns the current sources of the allow rules on the NIC. */
  openFor(): readonly (readonly string[])[];
}

/** Creates a bench. The principal needs a secret. */
export async function createBench(azure: SimulatedAzure, principal: Principal): Promise<Bench> {
  const caller = await createCaller(azure, principal);
  const vm = azure.addVm({
    name: 'web-01',
    resourceGroup: `rg-${randomUUID().slice(0, 8)}`,
    subnetNsg: true,
  });
  const ssh = { number: 22, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT3H' };
  const rdp = { ...ssh, number: 3389, sources: ['20.50.0.0/16', '20.60.1.2'] };
  const policy = azure.addPolicy({ vms: [{ vm, ports: [ssh, rdp] }] });
  const inMs = (ms: number): string => new Date(azure.now() + ms).toISOString();
  const initiateWith = (body: unknown, id = policy.id): Promise<Reply> =>
    caller.ask('POST', `${id}/initiate?${JIT_VERSION}`, body);
  return {
    caller,
    vm,
    policy,
    inMs,
    initiateWith,
    initiate: (fields, number = 22) => {
      const port = { number, endTimeUtc: inMs(HOUR_MS), ...fields };
      return initiateWith({ virtualMachines: [{ id: vm.id, ports: [port] }] });
    },
    async readPolicy() {
      const { text } = await caller.ask('GET', `${policy.id}?${JIT_VERSION}`);
      return (JSON.parse(text) as { properties: WirePolicy }).properties;
    },
    openFor: () => (vm.nicNsg?.jitAllowRules() ?? []).map(({ sources = [] }) => sources),
  };
}

export const requestIn = ({ text }: Reply): WireRequest => JSON.parse(text) as WireRequest;

export const portIn = (reply: Reply): WirePort | undefined => requestIn(reply).virtualMachines[0]?.ports[0];

export function errorIn({ status, text }: Reply): { status: number; code: string; message: string } {
  const { error } = JSON.parse(text) as { error: { code: string; message: string } };
  return { status, ...error };
}
