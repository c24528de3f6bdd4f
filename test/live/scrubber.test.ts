import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createAddressScrubber } from '../../scripts/live/scrub/addresses';
import { createScrubber } from '../../scripts/live/scrub/scrubber';
import { toPolicy } from '../../tasks/shared/azure/read/policy';

const KEY = Buffer.alloc(32, 7);

/** Text that must not remain, wherever it is planted. */
const PLANTED = {
  subscription: '1b7de3a0-5f2c-4c8e-9a41-0c2f6d3e8b57',
  group: 'rg-contoso-payroll',
  vm: 'contoso-sql-07',
  policy: 'nightly-policy-of-ana',
  securityGroup: 'Payroll',
  computer: 'PAYROLLHOST',
  user: 'anaadmin',
  address: '51.104.33.7',
  inside: '10.20.30.40',
  ipv6: '2603:1020:206::4d',
  person: 'ana.perez@contoso.com',
  url: 'https://dev.azure.com/contoso-internal/payroll/_build/results?buildId=77',
  secret: 'Qx8Q~planted.secret.of.an.application_01',
  token: 'eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiJwbGFudGVkIn0.c2lnbmF0dXJlLXBsYW50ZWQ',
  password: 'hunter2-planted-pass',
  key: 'dGhpc0lzQVBsYW50ZWRTdG9yYWdlS2V5MTIzNDU2Nzg5MA==',
  certificate: '-----BEGIN PRIVATE KEY-----\nMIIEplanted0123456789\n-----END PRIVATE KEY-----',
} as const;

const VM = `/subscriptions/${PLANTED.subscription}/resourceGroups/${PLANTED.group}/providers/Microsoft.Compute/virtualMachines/${PLANTED.vm}`;
const POLICY = `/subscriptions/${PLANTED.subscription}/resourceGroups/${PLANTED.group.toUpperCase()}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/${PLANTED.policy}`;

const policyBody = {
  id: POLICY,
  name: PLANTED.policy,
  kind: 'Basic',
  type: 'Microsoft.Security/locations/jitNetworkAccessPolicies',
  location: 'westeurope',
  tags: { [PLANTED.vm]: PLANTED.password },
  properties: {
    provisioningState: 'Succeeded',
    virtualMachines: [
      {
        id: VM,
        publicIpAddress: PLANTED.address,
        ports: [
          {
            number: 22,
            protocol: 'TCP',
            allowedSourceAddressPrefixes: ['51.104.33.0/24', PLANTED.inside],
            maxRequestAccessDuration: 'PT3H',
          },
        ],
      },
    ],
    requests: [
      {
        virtualMachines: [
          {
            id: VM.toUpperCase(),
            ports: [
              {
                number: 22,
                allowedSourceAddressPrefix: PLANTED.address,
                endTimeUtc: '2026-11-29T12:00:00.1234567Z',
                status: 'Initiated',
                statusReason: 'UserRequested',
              },
            ],
          },
        ],
        startTimeUtc: '2026-11-29T11:00:00.1234567Z',
        requestor: PLANTED.person,
        justification: `Deploy by ${PLANTED.person}: ${PLANTED.url} with ${PLANTED.secret}`,
      },
    ],
    networkSecurityGroup: { name: PLANTED.securityGroup, sku: { name: 'Standard', tier: 'Regional' } },
    osProfile: { computerName: PLANTED.computer, adminUsername: PLANTED.user },
    // Unknown fields.
    unknown: { deep: [PLANTED.key, { password: PLANTED.password, note: PLANTED.certificate }] },
    status: PLANTED.token,
    code: PLANTED.password,
  },
};

const leaks = (text: string): readonly string[] =>
  Object.values(PLANTED).filter((planted) =>
    [planted, encodeURIComponent(planted), JSON.stringify(planted).slice(1, -1)].some((form) =>
      text.toLowerCase().includes(form.toLowerCase()),
    ),
  );

describe('the scrubber', () => {
  it('leaves nothing that was planted in a body', () => {
    const scrubber = createScrubber([PLANTED.password]);
    const text = JSON.stringify(scrubber.json(policyBody));
    assert.deepEqual(leaks(text), []);
    // Names that are the same everywhere in Azure stay.
    assert.ok(text.includes('"sku":{"name":"Standard","tier":"Regional"}'), text);
  });

  it('leaves nothing that was planted in a message', () => {
    const scrubber = createScrubber([PLANTED.password, PLANTED.key]);
    scrubber.json(policyBody);
    const message = [
      `The client '${PLANTED.person}' with object id '${PLANTED.subscription}' does not have authorization to perform action`,
      `'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action' over scope '${POLICY}'.`,
      `'${PLANTED.vm}' at ${PLANTED.address}, ${PLANTED.inside} or ${PLANTED.ipv6}: see ${PLANTED.url}.`,
      `Bearer ${PLANTED.token}; client_secret=${PLANTED.secret}; password=${PLANTED.password}; ${PLANTED.key}`,
      PLANTED.certificate,
      Buffer.from(PLANTED.password).toString('base64'),
    ].join('\n');
    const text = scrubber.text(message);
    assert.deepEqual(leaks(text), []);
    assert.ok(!text.includes(Buffer.from(PLANTED.password).toString('base64')));
    // What readers need stays.
    assert.ok(text.includes("'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action'"), text);
  });

  it('keeps nothing that was planted in the names of fields', () => {
    const body = {
      identity: {
        type: 'UserAssigned',
        userAssignedIdentities: { [VM]: { principalId: PLANTED.subscription } },
      },
      by: { [PLANTED.person]: 1, [PLANTED.address]: 2, [PLANTED.subscription]: 3, [PLANTED.vm]: 4 },
    };
    const text = JSON.stringify(createScrubber().json(body));
    assert.deepEqual(leaks(text), []);
    assert.match(text, /"userAssignedIdentities":\{"\/subscriptions\/[^"]*":\{"principalId":"/);
  });

  const SPELLED: Readonly<Record<string, string>> = {
    'an id with escaped slashes': VM.replaceAll('/', '\\/'),
    'an id with slashes by their code': VM.replaceAll('/', '\\u002f'),
    'a percent-encoded person': encodeURIComponent(PLANTED.person),
    'a name in backticks': `The VM \`${PLANTED.vm}\` is gone`,
    'a name in typographic quotes': `‘${PLANTED.vm}’ in “${PLANTED.group}”`,
    'a secret with escapes of JSON': PLANTED.password.replaceAll('-', '\\u002d'),
    'a secret that is percent-encoded in part': PLANTED.password.replace('-', '%2d'),
    'a secret over two lines': PLANTED.password.replace('planted', 'plan\r\n  ted'),
  };
  for (const [what, planted] of Object.entries(SPELLED)) {
    it(`finds ${what}`, () => {
      const text = createScrubber([PLANTED.password]).text(`See ${planted}.`);
      assert.doesNotMatch(text, /contoso|payroll|hunter2|ana\.perez/i);
    });
  }

  it('finds a person with other letters, the address of a network card, an identifier of Windows, and a personal access token', () => {
    const planted = [
      'zoë@contosö.example',
      '00-0D-3A-12-34-56',
      'S-1-5-21-3623811015-3361044348-30300820-1013',
      'abcdefghij234567klmnopqrst234567uvwxyzabcdefghij2345',
    ];
    const text = createScrubber().text(planted.join(' and '));
    for (const one of planted) assert.ok(!text.includes(one), text);
  });

  it('keeps nothing that was planted in a path or a query', () => {
    const scrubber = createScrubber();
    const text = [
      scrubber.path(`${VM}/providers/Microsoft.Authorization/permissions`),
      scrubber.path(encodeURI(POLICY)),
      JSON.stringify(scrubber.query({ $filter: `resourceUri eq '${VM}'`, $skiptoken: PLANTED.key })),
    ].join('\n');
    assert.deepEqual(leaks(text), []);
    assert.ok(text.includes('/providers/Microsoft.Authorization/permissions'), text);
  });

  it('produces a policy that the product reads like the original', () => {
    const scrubber = createScrubber();
    const policy = toPolicy(scrubber.json(policyBody));
    const [port] = policy.vms[0]?.ports ?? [];
    const [request] = policy.requests;
    const [granted] = request?.ports ?? [];
    assert.equal(policy.vms[0]?.vm.key, granted?.vm.key);
    assert.deepEqual([port?.port, port?.maxDurationMs, port?.protocol], [22, 10_800_000, 'TCP']);
    assert.equal(granted?.status, 'Initiated');
    assert.equal(request?.startedAt, '2026-11-29T11:00:00.123Z');
    // The granted address is still within the allowed CIDR.
    const [wide] = port?.sources ?? [];
    const [address] = granted.sources;
    assert.ok(wide?.ipv4 && address?.ipv4);
    assert.ok(wide.ipv4.first <= address.ipv4.first && address.ipv4.last <= wide.ipv4.last);
  });

  it('replaces the same text in the same way, in any case, and changes nothing the second time', () => {
    const scrubber = createScrubber();
    const once = scrubber.json(policyBody);
    assert.equal(JSON.stringify(scrubber.json(policyBody)), JSON.stringify(once));
    assert.equal(scrubber.path(VM).toLowerCase(), scrubber.path(VM.toUpperCase()).toLowerCase());
    assert.equal(scrubber.path(scrubber.path(VM)), scrubber.path(VM));
  });
});

describe('the scrubbing of addresses', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const anAddress = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));

  it('keeps the leading bits that two addresses share', () => {
    const scrub = createAddressScrubber(KEY);
    fc.assert(
      fc.property(anAddress, fc.integer({ min: 8, max: 32 }), (address, length) => {
        const cidr = scrub(`${address}/${length}`);
        const single = scrub(address);
        assert.ok(cidr !== undefined && single !== undefined);
        // A network with a meaning of its own is not a part of another one.
        if (cidr === `${address}/${length}`) return;
        const bits = (text: string) =>
          text
            .replace(/\/.*/, '')
            .split('.')
            .map((part) => Number(part).toString(2).padStart(8, '0'))
            .join('');
        const [first, last] = [bits(cidr).slice(0, length), bits(single).slice(0, length)];
        assert.equal(first, last, `${address}/${length} is ${cidr}, ${address} is ${single}`);
      }),
    );
  });

  it('keeps private addresses private, public ones public, and special ones unchanged', () => {
    const scrub = createAddressScrubber(KEY);
    assert.match(scrub('10.1.2.3') ?? '', /^10\./);
    assert.match(scrub('172.20.1.1') ?? '', /^172\.(1[6-9]|2\d|3[01])\./);
    assert.match(scrub('192.168.7.9') ?? '', /^192\.168\./);
    assert.match(scrub('51.104.33.7') ?? '', /^20\./);
    for (const text of ['168.63.129.16', '0.0.0.0/0', '192.0.2.77']) assert.equal(scrub(text), text);
    assert.equal(scrub('300.1.1.1'), undefined);
  });
});
