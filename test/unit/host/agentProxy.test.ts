import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readAgentProxy } from '../../../tasks/shared/host/agentProxy';
import { findConfiguredProxy } from '../../../tasks/shared/host/configuredProxy';
import { proxyReplaced } from '../../../tasks/shared/messages/routes';
import { createFakeHost } from '../../support/fakes/fakeHost';

const PROXY = 'http://proxy.contoso.com:8080';

describe("the agent's own proxy", () => {
  let root = '';
  const nodeIn = (...parts: readonly string[]) => path.join(root, ...parts);
  const own = (name = 'node20_1', file = 'node') => nodeIn('externals', name, 'bin', file);
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'agent-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it("is the first line of its file if the agent's own Node is used", () => {
    for (const text of [PROXY, `${PROXY}\r\nbasicauth=true\r\n`, `\uFEFF ${PROXY} \n`]) {
      writeFileSync(path.join(root, '.proxy'), text);
      for (const node of [own(), own('node24'), own('node20_1', 'node.exe')])
        assert.equal(findConfiguredProxy(node), PROXY, node);
    }
    for (const node of [
      nodeIn('bin', 'node'),
      nodeIn('externals', 'bin', 'node'),
      own('git'),
      own('node20_1', 'sh'),
    ])
      assert.equal(findConfiguredProxy(node), undefined, node);
  });

  it('is found from the Node of an agent that updated itself', () => {
    writeFileSync(path.join(root, '.proxy'), PROXY);
    for (const folder of ['externals.4.266.2', 'externals.5.0.0-preview'])
      assert.equal(findConfiguredProxy(nodeIn(folder, 'node24', 'bin', 'node')), PROXY);
    assert.equal(findConfiguredProxy(nodeIn('externals2', 'node24', 'bin', 'node')), undefined);
  });

  it('is also used if the variable is empty, with a warning', () => {
    const { host, record } = createFakeHost({ variables: { 'Agent.ProxyUrl': ' ' } });
    assert.equal(readAgentProxy(host, own()), undefined);
    writeFileSync(path.join(root, '.proxy'), PROXY);
    assert.equal(readAgentProxy(host, own())?.proxy.url, PROXY);
    assert.deepEqual(record.warnings, [proxyReplaced('', PROXY)]);
  });

  it("is shown in the warning with the variable's proxy, without the user name and password, whatever their form", () => {
    writeFileSync(path.join(root, '.proxy'), PROXY);
    for (const [named, shown] of [
      ['other.contoso.com:8080', 'other.contoso.com:8080'],
      ['me:secret@other.contoso.com:8080', 'other.contoso.com:8080'],
      ['http://me:se@cr/et@other.contoso.com:8080', 'http://other.contoso.com:8080'],
      ['http://me:8/secret@other.contoso.com', 'http://other.contoso.com'],
      ['socks5://me:secret@other.contoso.com', 'socks5://other.contoso.com'],
    ] as const) {
      const { host, record } = createFakeHost({ variables: { 'Agent.ProxyUrl': named } });
      readAgentProxy(host, own());
      assert.deepEqual(record.warnings, [proxyReplaced(shown, PROXY)]);
    }
  });

  it('is unknown if its file is missing, empty, or a folder', () => {
    assert.equal(findConfiguredProxy(own()), undefined);
    writeFileSync(path.join(root, '.proxy'), '\n');
    assert.equal(findConfiguredProxy(own()), undefined);
    rmSync(path.join(root, '.proxy'));
    mkdirSync(path.join(root, '.proxy'));
    assert.equal(findConfiguredProxy(own()), undefined);
  });

  it('receives the user name and password instead of another proxy that a variable names, with a warning', () => {
    writeFileSync(path.join(root, '.proxy'), PROXY);
    const variables = {
      'Agent.ProxyUrl': 'http://me:secret@attacker.example:8080/',
      'Agent.ProxyUsername': 'build',
    };
    const { host, record } = createFakeHost({ variables });
    const found = readAgentProxy(host, own());
    assert.deepEqual([found?.proxy.url, found?.proxy.username, found?.isConfigured], [PROXY, 'build', true]);
    assert.equal(found?.proxy.password, undefined);
    assert.match(record.warnings.join(), /Agent\.ProxyUrl names the proxy http:\/\/attacker\.example:8080/);
    assert.doesNotMatch(record.warnings.join(), /secret/);
  });

  it('is used without a warning if both agree, and is the one in the variable if no other is known', () => {
    const { host, record } = createFakeHost({ variables: { 'Agent.ProxyUrl': `${PROXY} ` } });
    assert.deepEqual(readAgentProxy(host, own())?.isConfigured, false);
    writeFileSync(path.join(root, '.proxy'), PROXY);
    assert.deepEqual(readAgentProxy(host, own())?.isConfigured, true);
    assert.deepEqual(record.warnings, []);
  });
});
