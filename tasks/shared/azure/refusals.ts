import type { PipelineResponse } from '@azure/core-rest-pipeline';
import type { Barrier } from '../messages/refusals';
import { azureErrorOf } from './azureErrors';

/** A permission that Azure's message names as missing. */
export interface NamedRight {
  readonly action: string;
  /** One ARM ID, or several separated by commas. */
  readonly scope: string;
}

/** A refusal that does not pass, with its reason: a retry does not help. */
export type Refusal =
  | { readonly kind: 'forbidden'; readonly barrier: Barrier }
  /** `named`: another permission than the call's own, if Azure names one. */
  | { readonly kind: 'missingRight'; readonly named: NamedRight | undefined; readonly condition: boolean }
  /** The call's own permission is granted, but one on another resource is missing. */
  | { readonly kind: 'missingLinkedRight'; readonly named: NamedRight | undefined }
  | { readonly kind: 'otherTenant'; readonly tenants: readonly string[] }
  | { readonly kind: 'notRegistered' | 'versionUnknown' | 'notOnboarded' };

type KnownRefusal = Barrier | 'right' | 'linkedRight' | 'tenant' | 'notRegistered' | 'versionUnknown';

/**
 * The codes of Azure Resource Manager that explain a refusal, in lower case. The case differs between services.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
const BY_CODE: ReadonlyMap<string, KnownRefusal> = new Map([
  ['authorizationfailed', 'right'],
  ['linkedauthorizationfailed', 'linkedRight'],
  ['linkedaccesscheckfailed', 'linkedRight'],
  ['denyassignmentauthorizationfailed', 'denyAssignment'],
  ['requestdisallowedbypolicy', 'policy'],
  ['requestdisallowedbyazure', 'policy'],
  ['scopelocked', 'lock'],
  ['readonlydisabledsubscription', 'disabledSubscription'],
  ['disabledsubscription', 'disabledSubscription'],
  ['subscriptiondisabled', 'disabledSubscription'],
  ['invalidauthenticationtokentenant', 'tenant'],
  ['missingsubscriptionregistration', 'notRegistered'],
  ['subscriptionnotregistered', 'notRegistered'],
  ['noregisteredproviderfound', 'versionUnknown'],
  ['invalidapiversionparameter', 'versionUnknown'],
  ['invalidresourcetype', 'versionUnknown'],
]);

/**
 * The only place where a message text decides. Defender reports only by text that a machine is not in the plan: "'…' is
 * not onboarded to Defender For Servers offering." was reported, with neither status nor code. The text counts only in
 * Azure's own error, with a status that refuses, if no code explains the refusal. It only selects which help is shown.
 */
const NOT_ONBOARDED = /\bnot\s+onboarded\s+to\s+(?:microsoft\s+)?defender\b/i;
const MAY_NOT_BE_ONBOARDED: readonly number[] = [400, 403, 404, 409, 412, 422];

/** Returns why Azure refuses, or `undefined` if the response does not explain it or is not a refusal. */
export function refusalOf(response: PipelineResponse, azure = azureErrorOf(response)): Refusal | undefined {
  if (!azure || response.status < 400 || response.status >= 500) return undefined;
  for (const error of [azure, ...azure.details]) {
    const known = BY_CODE.get(error.code.toLowerCase());
    if (known) return toRefusal(known, error.message, response);
  }
  const texts = [azure, ...azure.details].map(({ message }) => message);
  const outside = MAY_NOT_BE_ONBOARDED.includes(response.status);
  return outside && texts.some((text) => NOT_ONBOARDED.test(text)) ? { kind: 'notOnboarded' } : undefined;
}

function toRefusal(known: KnownRefusal, message: string, response: PipelineResponse): Refusal {
  switch (known) {
    case 'right':
      return {
        kind: 'missingRight',
        named: lastRight(message),
        condition: /\b(ABAC|condition)\b/i.test(message),
      };
    case 'linkedRight':
      return { kind: 'missingLinkedRight', named: lastRight(afterOwnRight(message)) };
    case 'tenant':
      return { kind: 'otherTenant', tenants: tenantsOf(response, message) };
    case 'notRegistered':
    case 'versionUnknown':
      return { kind: known };
    case 'denyAssignment':
    case 'policy':
    case 'lock':
    case 'disabledSubscription':
      return { kind: 'forbidden', barrier: known };
  }
}

/** "action 'A' over scope 'S'", "action(s) 'A,B' on the linked scope(s) 'S,T'": only makes a message more specific. */
const RIGHT =
  /action(?:\(s\))? '([\w./*,\s-]+)' (?:over|on) (?:the )?(?:linked )?scope(?:\(s\))? '(\/[^']+)'/g;

const lastRight = (message: string): NamedRight | undefined => {
  const [, action, scope] = [...message.matchAll(RIGHT)].at(-1) ?? [];
  return action === undefined || scope === undefined ? undefined : { action, scope };
};

/** "… has permission to perform action 'A' on scope 'S'; however, it does not have …": A is the granted one. */
const afterOwnRight = (message: string): string =>
  /\bhas permission to perform action/.test(message)
    ? (/;? however,?([\s\S]*)/.exec(message)?.[1] ?? '')
    : message;

const GUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;

/**
 * Returns the tenants that the subscription trusts: from the challenge (RFC 9110, 11.6.1), which names where to sign
 * in, or otherwise from the message, which names the token's own tenant first.
 */
function tenantsOf({ headers }: PipelineResponse, message: string): readonly string[] {
  const place = /authorization_uri="([^"]*)"/i.exec(headers.get('www-authenticate') ?? '')?.[1] ?? '';
  const challenged = place.match(GUID) ?? [];
  const [own, ...others] = unique(message.match(GUID) ?? []);
  return challenged.length > 0 ? unique(challenged) : others.filter((tenant) => tenant !== own);
}

const unique = (ids: readonly string[]): readonly string[] => [...new Set(ids.map((id) => id.toLowerCase()))];
