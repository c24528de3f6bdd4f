import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { startTcp } from '../../support/azure';
import { itWithSilence } from '../../support/silence';

describe('a TCP target', () => {
  const meet = (port: number): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        resolve('connected');
        socket.destroy();
      });
      socket.once('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code ?? '');
      });
    });

  it('accepts and counts connections', async () => {
    const target = await startTcp({ behaviour: 'accept' });
    assert.equal(await meet(target.port), 'connected');
    assert.equal(target.connections(), 1);
    await target.close();
  });

  it('refuses connections like a host without a listener', async () => {
    const target = await startTcp({ behaviour: 'refused' });
    assert.equal(await meet(target.port), 'ECONNREFUSED');
    await target.close();
  });

  it('resets accepted connections', async () => {
    const target = await startTcp({ behaviour: 'reset' });
    const socket = connect(target.port, '127.0.0.1').resume();
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
    await target.close();
  });

  itWithSilence('is silent without completing the handshake', async () => {
    const target = await startTcp({ behaviour: 'silent' });
    const open = await startTcp({ behaviour: 'accept' });
    const pending = connect(target.port, '127.0.0.1').on('error', () => undefined);
    const answered = new Promise((resolve) => pending.once('connect', resolve)).then(() => 'silent');
    assert.equal(await Promise.race([answered, meet(open.port).then(() => 'open')]), 'open');
    pending.destroy();
    await Promise.all([target.close(), open.close()]);
  });
});
