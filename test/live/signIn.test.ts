import assert from 'node:assert/strict';
import { cloudOf, meansOf, signIn } from '../../scripts/live/signIn';
import { systemClock } from '../../tasks/shared/host/clock';

const IDS = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c' };

describe('the sign-in of the live kit', () => {
  it('uses the most explicit method', () => {
    assert.deepEqual(meansOf({ ...IDS, AZURE_CLIENT_SECRET: 's', AZURE_FEDERATED_TOKEN_FILE: 'f' }, false), {
      kind: 'identity',
      identity: { kind: 'secret', tenantId: 't', clientId: 'c', secret: 's' },
      tokenFile: undefined,
    });
    assert.deepEqual(meansOf({ ...IDS, AZURE_FEDERATED_TOKEN_FILE: 'f' }, false), {
      kind: 'identity',
      identity: { kind: 'federated', tenantId: 't', clientId: 'c' },
      tokenFile: 'f',
    });
    assert.equal(meansOf({ ...IDS, AZURE_CLIENT_SECRET: 's' }, true).kind, 'identity');
    assert.deepEqual(meansOf(IDS, false), { kind: 'az' });
    assert.deepEqual(
      meansOf(
        { JIT_SECOND_TENANT_ID: 't', JIT_SECOND_CLIENT_ID: 'c', JIT_SECOND_CLIENT_SECRET: 's' },
        false,
        'JIT_SECOND',
      ),
      {
        kind: 'identity',
        identity: { kind: 'secret', tenantId: 't', clientId: 'c', secret: 's' },
        tokenFile: undefined,
      },
    );
  });

  it('uses the hosts of a cloud by its name', () => {
    assert.deepEqual(cloudOf('azurechinacloud'), {
      armUrl: 'https://management.chinacloudapi.cn',
      authorityUrl: 'https://login.chinacloudapi.cn',
      audience: 'https://management.chinacloudapi.cn',
    });
    assert.throws(() => cloudOf('AzureStack'), /AzureStack/);
  });

  it('requests a token of the cloud from az once', async () => {
    const asked: (readonly string[])[] = [];
    const secrets: string[] = [];
    const { arm } = signIn({
      ...{
        cloud: cloudOf('AzureCloud', { armUrl: 'https://127.0.0.1:1' }),
        means: { kind: 'az' },
        clock: systemClock,
      },
      ...{ signal: new AbortController().signal, log: () => undefined },
      onSecret: (secret) => void secrets.push(secret),
      az: (args) => {
        asked.push(args);
        return Promise.resolve('{"accessToken":"the token of az"}');
      },
    });
    const { toRequest } = await import('../../tasks/shared/azure/request');
    const limit = { signal: new AbortController().signal, remainingMs: () => 1000 };
    for (let time = 0; time < 2; time++) {
      await assert.rejects(
        arm.sendOnce(toRequest({ url: 'https://127.0.0.1:1/subscriptions?api-version=1' }, limit)),
      );
    }
    assert.equal(asked.length, 1);
    assert.ok(asked[0]?.includes('https://127.0.0.1:1'), String(asked[0]));
    assert.deepEqual(secrets, ['the token of az']);
  });
});
