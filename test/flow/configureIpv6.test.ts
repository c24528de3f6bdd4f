import assert from 'node:assert/strict';
import { allow, aProtectionWorkflow } from './protectionWorkflow';

describe('access over IPv6 after a removal', () => {
  const ipv6 = 'fd00:10::4';
  const atPort = (texts: string) => texts.split('\n').filter((text) => text.includes('port 22 of own-01'));

  it('is reported to have existed before and to stay, because the deny rules cover IPv4 only', async () => {
    for (const dryRun of ['true', 'false']) {
      const { run, said } = aProtectionWorkflow({
        ipv6,
        nicNsg: { rules: [allow({ name: 'six', sources: ['::/0'] })] },
      });
      assert.deepEqual((await run({ portRules: '-22', dryRun })).codes, []);
      const [warning, ...more] = atPort(said('warning'));
      assert.deepEqual(more, []);
      assert.match(warning ?? '', /^Over IPv6, port 22 of own-01 is open to any IPv6 address.*six/);
      assert.match(warning ?? '', /does not change this.*only IPv4/);
      assert.doesNotMatch(warning ?? '', /AllowVnetInBound/);
      const [, opened] = atPort(said('line'));
      assert.match(opened ?? '', /^Without them, port 22 of own-01 is open to 10.*AllowVnetInBound/);
      assert.doesNotMatch(opened ?? '', /six/);
    }
  });

  it('is not reported for IPv4 if a manually created rule blocks every source', async () => {
    const { run, said } = aProtectionWorkflow({
      ipv6,
      nicNsg: {
        rules: [
          allow({ name: 'no4', priority: 200, access: 'Deny', sources: ['0.0.0.0/0'], protocol: '*' }),
          allow({ name: 'all', priority: 300, sources: ['*'] }),
        ],
      },
    });
    await run({ portRules: '-22' });
    assert.equal(said('warning').match(/port 22/g)?.length, 1);
    assert.match(said('warning'), /^Over IPv6, port 22 of own-01 is open to any IPv6 address.*all/);
    assert.match(said('line'), /deny rules.*no source over IPv4/);
  });

  it('is reported with the addresses that a narrow rule allows', async () => {
    const { run, said } = aProtectionWorkflow({
      ipv6,
      nicNsg: { rules: [allow({ name: 'six', sources: ['2a01:4f8::/32'] })] },
    });
    await run({ portRules: '-22' });
    assert.match(said('warning'), /^Over IPv6, .* is open to 2a01:4f8::\/32, including addresses on the/);
  });

  it("is not reported for Azure's default rules or for another port", async () => {
    for (const rules of [[], [allow({ sources: ['::/0'], destinationPorts: ['8080'] })]]) {
      const { run, said } = aProtectionWorkflow({ ipv6, nicNsg: { rules } });
      await run({ portRules: '-22' });
      assert.equal(said('warning'), '');
    }
  });
});
