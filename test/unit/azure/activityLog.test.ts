import assert from 'node:assert/strict';
import { textsOf } from '../../../tasks/shared/core/prefixes';
import { toEntry } from '../../../tasks/JitReport/JitReportV1/src/azure/activityLog';
import { aPolicy, aVm } from '../core/policies';

const AT = '2026-11-21T09:00:00Z';
const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const PORT = { number: 22, allowedSourceAddressPrefix: '20.9.9.9' };
const BODY = {
  virtualMachines: [{ id: aVm().id, ports: [{ ...PORT, endTimeUtc: '2026-11-21T10:00:00Z' }] }],
};
const entry = (given: object) =>
  toEntry({
    operationName: { value: 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action' },
    ...{ eventTimestamp: AT, status: { value: 'Started' }, resourceId: aPolicy().id },
    ...{ operationId: 'o', correlationId: 'c' },
    ...given,
  });
const requested = (properties: object) =>
  entry({ properties })?.asked.map(({ vm, port, sources, endsAt }) => [
    ...[vm.key, port, textsOf(sources).join()],
    new Date(endsAt).toISOString().slice(11, 16),
  ]);

/** Returns the same fields with names in another case, at every depth. */
function inCase(value: unknown, change: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => inCase(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [change(name), inCase(inner, change)]),
  );
}
const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

describe('the details of an Activity Log entry', () => {
  it('are read regardless of the case of their names, as texts or as objects', () => {
    const whole = [[aVm().key, 22, '20.9.9.9', '10:00']];
    for (const change of [capital, (name: string) => name.toUpperCase(), (name: string) => name]) {
      const body = inCase({ ...BODY, justification: 'because' }, change) as object;
      for (const requestBody of [body, JSON.stringify(body)]) {
        const properties = inCase({ requestBody: 'x' }, change) as object;
        const [name = ''] = Object.keys(properties);
        assert.deepEqual(requested({ [name]: requestBody }), whole, name);
        assert.equal(entry({ properties: { [name]: requestBody } })?.justification, 'because');
      }
      assert.equal(entry({ properties: inCase({ justification: 'why' }, change) })?.justification, 'why');
      assert.equal(
        entry({ properties: inCase({ user: 'bo@contoso.com' }, change) })?.caller,
        'bo@contoso.com',
      );
    }
    assert.deepEqual(requested({ requestbody: JSON.stringify(BODY) }), whole);
    assert.equal(entry({ properties: JSON.stringify({ Justification: 'text' }) })?.justification, 'text');
  });

  it('include a request from the portal, which has a duration but no end', () => {
    const ports = [{ ...PORT, duration: 'PT3H' }];
    const properties = {
      requestbody: JSON.stringify({ virtualMachines: [{ id: aVm().id, ports }], justification: 'portal' }),
    };
    assert.deepEqual(requested(properties), [[aVm().key, 22, '20.9.9.9', '12:00']]);
    const found = entry({ properties });
    assert.deepEqual([found?.justification, found?.asked[0]?.lastsMs], ['portal', 3 * 3_600_000]);
  });

  it('include VM and port if neither an end nor a duration can be read, as in a call that Azure refuses', () => {
    const asked = (port: object) => {
      const requestBody = { virtualMachines: [{ id: aVm().id, ports: [{ ...PORT, ...port }] }] };
      return entry({ properties: { requestBody } })?.asked.map((one) => [one.vm.key, one.port, one.lastsMs]);
    };
    for (const port of [{}, { duration: 'soon' }, { endTimeUtc: 'never' }])
      assert.deepEqual(asked(port), [[aVm().key, 22, 0]]);
    assert.deepEqual(asked({ duration: '03:00:00' }), [[aVm().key, 22, 3 * 3_600_000]]);
    assert.deepEqual(asked({ duration: '00:45:30' }), [[aVm().key, 22, 2_730_000]]);
  });

  it('name no source if the caller named none, and no invalid port', () => {
    const [end] = BODY.virtualMachines[0]?.ports ?? [];
    const ports = [{ number: 22, endTimeUtc: end?.endTimeUtc }, { ...PORT, number: 'x', endTimeUtc: AT }, 7];
    const requestBody = { virtualMachines: [{ id: aVm().id, ports }, { id: 'vm', ports }, null] };
    assert.deepEqual(requested({ requestBody }), [[aVm().key, 22, '', '10:00']]);
    for (const number of ['', ' ', true, [22], 22.5, 70_000]) {
      const one = { virtualMachines: [{ id: aVm().id, ports: [{ ...PORT, number, endTimeUtc: AT }] }] };
      assert.deepEqual(requested({ requestBody: one }), [], JSON.stringify(number));
    }
    const text = { virtualMachines: [{ id: aVm().id, ports: [{ ...PORT, number: '22', endTimeUtc: AT }] }] };
    assert.deepEqual(requested({ requestBody: text }), [[aVm().key, 22, '20.9.9.9', '09:00']]);
    for (const odd of [
      { requestBody: '{' },
      { requestBody: [] },
      {},
      { requestBody: { virtualMachines: 1 } },
    ])
      assert.deepEqual(requested(odd), []);
  });
});

describe('the identity that made a call', () => {
  const who = (given: object) => {
    const found = entry(given);
    return [found?.caller, found?.callerName];
  };

  it('is the caller, or otherwise a person in the claims, or otherwise a program', () => {
    const program = {
      appid: 'app-1',
      'http://schemas.microsoft.com/identity/claims/objectidentifier': 'oid-1',
    };
    const person = {
      [`${CLAIMS}/upn`]: 'ana@contoso.com',
      [`${CLAIMS}/name`]: 'ana@contoso.com',
      name: 'Ana Lima',
    };
    assert.deepEqual(who({ caller: 'bo@contoso.com', claims: program }), ['bo@contoso.com', '']);
    assert.deepEqual(who({ claims: { ...program, ...person } }), ['ana@contoso.com', 'Ana Lima']);
    assert.deepEqual(who({ claims: { ...program, UPN: 'ana@contoso.com' } })[0], 'ana@contoso.com');
    assert.deepEqual(who({ claims: program }), ['app-1', '']);
    assert.deepEqual(who({ claims: program, properties: { User: 'kim' } }), ['kim', 'kim']);
    assert.deepEqual(who({}), ['', '']);
  });

  it('is found in claims that are text, and from a given name and a surname', () => {
    const claims = JSON.stringify({ appid: 'app-1', upn: 'ana@contoso.com', name: 'Ana Lima' });
    assert.deepEqual(who({ claims }), ['ana@contoso.com', 'Ana Lima']);
    for (const names of [
      { [`${CLAIMS}/givenname`]: 'Ana', [`${CLAIMS}/surname`]: 'Lima' },
      { given_name: 'Ana', family_name: 'Lima' },
    ]) {
      assert.deepEqual(who({ claims: { appid: 'app-1', ...names } }), ['Ana Lima', 'Ana Lima']);
      assert.deepEqual(who({ caller: 'ana@contoso.com', claims: names }), ['ana@contoso.com', 'Ana Lima']);
    }
    assert.deepEqual(who({ claims: 'no JSON' }), ['', '']);
  });

  it('has the name in its token if it is an application or a managed identity', () => {
    const id =
      '/subscriptions/s/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/deploy-id';
    assert.deepEqual(who({ caller: 'oid', claims: { appid: 'a', app_displayname: 'shop-deploy' } }), [
      ...['oid', 'shop-deploy'],
    ]);
    assert.deepEqual(who({ caller: 'oid', claims: { appid: 'a', xms_mirid: id } }), ['oid', 'deploy-id']);
  });
});

describe('an Activity Log entry', () => {
  it('can have its values as text or with a localized value', () => {
    const operationName = 'MICROSOFT.Security/locations/jitNetworkAccessPolicies/initiate/action';
    const found = entry({ operationName, status: 'Failed' });
    assert.deepEqual([found?.status, found?.operationId, found?.correlationId], ['Failed', 'o', 'c']);
    assert.equal(entry({ operationName: { value: 'Microsoft.Security/pricings/write' } }), undefined);
  });
});
