import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MOST_PORTS, parsePorts } from '../../../tasks/shared/core/ports';

describe('ports', () => {
  const lists: readonly (readonly [string, readonly number[]])[] = [
    ['22', [22]],
    ['22,3389', [22, 3389]],
    ['3389, 22', [3389, 22]],
    [' 22 ,\n3389 ', [22, 3389]],
    ['5985-5986', [5985, 5986]],
    ['5985 - 5986', [5985, 5986]],
    ['22-22', [22]],
    ['ssh', [22]],
    ['RDP', [3389]],
    ['WinRM,winrm-HTTPS', [5985, 5986]],
    ['ssh,22,20-23', [22, 20, 21, 23]],
    ['1,65535', [1, 65535]],
  ];
  for (const [text, ports] of lists) {
    it(`written as ${JSON.stringify(text)} are ${ports.join(' ')}`, () => {
      assert.deepEqual(parsePorts(text), { kind: 'list', ports });
    });
  }

  it('can be `all` for those that the policy has, alone and in any case', () => {
    assert.deepEqual(parsePorts('all'), { kind: 'all' });
    assert.deepEqual(parsePorts(' ALL '), { kind: 'all' });
    assert.deepEqual(parsePorts('all,22'), { kind: 'wrong', parts: ['all'] });
  });

  it('are all named if they are invalid', () => {
    const wrong = [
      '0',
      '65536',
      '022',
      '-22',
      '22-',
      '5986-5985',
      '1-2-3',
      '22.0',
      '2e1',
      'telnet',
      'ssh-rdp',
      '*',
      '',
    ];
    assert.deepEqual(parsePorts(`22,${wrong.join(',')}`), { kind: 'wrong', parts: wrong });
    assert.deepEqual(parsePorts(''), { kind: 'wrong', parts: [''] });
  });

  it('are at most 64, each counted once', () => {
    const [full, over] = [`1-${MOST_PORTS}`, `1-${MOST_PORTS + 1}`];
    assert.equal(parsePorts(full).kind, 'list');
    assert.equal(parsePorts(`${full},${full},7`).kind, 'list');
    assert.deepEqual(parsePorts(over), { kind: 'wrong', parts: [over] });
    assert.deepEqual(parsePorts('1-65535'), { kind: 'wrong', parts: ['1-65535'] });
    assert.deepEqual(parsePorts(`${full},ssh,rdp`), { kind: 'wrong', parts: ['rdp'] });
  });

  it('are parsed without loss, and never make the parser throw', () => {
    const port = fc.integer({ min: 1, max: 65535 });
    fc.assert(
      fc.property(fc.uniqueArray(port, { minLength: 1, maxLength: MOST_PORTS }), (ports) => {
        assert.deepEqual(parsePorts(ports.join(',')), { kind: 'list', ports });
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d,\- ]{0,12}$/)), (text) => {
        const parsed = parsePorts(text);
        if (parsed.kind === 'wrong') assert.ok(parsed.parts.every((part) => text.includes(part)));
        if (parsed.kind === 'list')
          assert.ok(parsed.ports.every((n) => Number.isInteger(n) && n > 0 && n < 65536));
      }),
    );
  });
});
