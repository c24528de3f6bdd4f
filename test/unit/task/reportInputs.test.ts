import assert from 'node:assert/strict';
import { readInputs, type InputName } from '../../../tasks/JitReport/JitReportV1/src/inputs';
import { CodedError } from '../../../tasks/shared/core/errors';
import { SUBSCRIPTION } from '../core/policies';

type Raw = Partial<Record<InputName, string>>;
const readRaw = (raw: Raw, subscription: string | undefined, isWindows?: boolean) =>
  readInputs((name) => ({ connectedServiceName: 'c', ...raw })[name] ?? '', subscription, isWindows);
const read = (raw: Raw = {}) => readRaw(raw, SUBSCRIPTION);
/** The mistakes that are reported. */
function mistakeIn(raw: Raw, subscription?: string, isWindows?: boolean): string {
  try {
    readRaw(raw, subscription, isWindows);
  } catch (error) {
    assert.ok(error instanceof CodedError && error.code === 'JIT101', String(error));
    return error.message;
  }
  return 'none';
}

describe('the inputs of JitReport', () => {
  it('have defaults: the subscription of the connection, a week, no gate', () => {
    const { scopes, ...rest } = read();
    assert.deepEqual(rest, {
      ...{ days: 7, failOn: 'nothing', outputFolder: '', inner: [], ports: [] },
      query: undefined,
    });
    assert.deepEqual(scopes, [
      { kind: 'subscription', id: `/subscriptions/${SUBSCRIPTION}`, subscriptionId: SUBSCRIPTION },
    ]);
    assert.ok(Object.isFrozen(read()));
  });

  it('take scopes by line and by comma, the widest of them once', () => {
    const ids = (scope: string) => read({ scope }).scopes.map(({ id }) => id);
    const subscription = `/subscriptions/${SUBSCRIPTION}`;
    const group = (name: string) => `${subscription}/resourceGroups/${name}`;
    assert.deepEqual(ids('rg-1, rg-10\n\n rg-2 '), ['rg-1', 'rg-10', 'rg-2'].map(group));
    assert.deepEqual(ids(`rg-1/vm\r\nrg-1\nRG-1`), [group('rg-1')]);
    assert.deepEqual(ids(`rg-1,${SUBSCRIPTION}`), [subscription]);
  });

  it('take whole days from 1 to 90', () => {
    for (const days of ['1', '90', '07', ' 30 ']) assert.equal(read({ days }).days, Number(days), days);
    for (const days of ['0', '91', '-1', '1.5', '1e1', '0x7', 'a week', '7 days', '٧', '99999']) {
      assert.match(mistakeIn({ days }, SUBSCRIPTION), /days/, days);
    }
  });

  it('take a gate in any case', () => {
    for (const failOn of ['nothing', 'notConfigured', 'openToInternet', 'mayBeOpen'] as const) {
      assert.equal(read({ failOn: failOn.toUpperCase() }).failOn, failOn);
    }
    assert.match(mistakeIn({ failOn: 'both' }, SUBSCRIPTION), /failOn.*both/);
  });

  it('keep the scopes that lie in others, which must exist as well', () => {
    const inner = (scope: string) => read({ scope }).inner.map(({ id }) => id.split('/').at(-1));
    assert.deepEqual(inner('rg-1\nrg-1/nobody\nrg-2'), ['nobody']);
    assert.deepEqual(inner(`${SUBSCRIPTION}, rg-none, rg-1/vm`), ['rg-none', 'vm']);
  });

  it('take ports by number, range and name', () => {
    assert.deepEqual(read({ ports: '1433, 8000-8002, ssh' }).ports, [1433, 8000, 8001, 8002, 22]);
    for (const ports of ['all', '1-65535', '0', 'x', '1433;22']) {
      assert.match(mistakeIn({ ports }, SUBSCRIPTION), /ports.*cannot be read/, ports);
    }
  });

  it('name a machine that just-in-time access does not support as such', () => {
    const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers`;
    for (const [id, what] of [
      ['Microsoft.ClassicCompute/virtualMachines/old', 'a classic VM'],
      ['Microsoft.Compute/virtualMachineScaleSets/set', 'a virtual machine scale set'],
      ['Microsoft.Compute/virtualMachineScaleSets/set/virtualMachines/0/', 'a virtual machine scale set'],
      ['Microsoft.HybridCompute/machines/arc', 'an Azure Arc machine'],
    ] as const) {
      const mistake = mistakeIn({ scope: `${group}/${id}` }, SUBSCRIPTION);
      assert.ok(mistake.includes(what) && mistake.includes('does not support'), mistake);
      assert.ok(!mistake.includes('is not a scope'), mistake);
    }
  });

  it('need a scope where the connection has none of its own', () => {
    assert.match(mistakeIn({}), /scope/);
    assert.match(mistakeIn({ scope: 'rg-app' }), /scope.*rg-app/);
    assert.equal(mistakeIn({ scope: SUBSCRIPTION }), 'none');
  });

  it('are reported wrong all at once', () => {
    const raw = {
      ...{ connectedServiceName: '', scope: 'rg-app,a/b/c\n/subscriptions/none', days: 'x', failOn: 'y' },
      outputFolder: '$(folder)',
    };
    const message = mistakeIn(raw, SUBSCRIPTION);
    for (const part of ['azureSubscription', 'a/b/c', '/subscriptions/none', 'days', 'failOn', '$(folder)']) {
      assert.ok(message.includes(part), part);
    }
    assert.ok(!message.includes('rg-app'));
    assert.match(mistakeIn({ scope: '$(scope)', days: '$(days)' }, SUBSCRIPTION), /scope.*days/s);
  });

  it('refuse a folder that Windows does not take as it is written, on Windows', () => {
    const onWindows = (outputFolder: string): string => mistakeIn({ outputFolder }, SUBSCRIPTION, true);
    for (const part of ['jit.', 'jit ', '...', 'NUL', 'aux.txt', 'com1', 'LPT¹.a.b', 'conin$', 'ab:c', 'a|b'])
      for (const folder of [`C:\\reports\\${part}\\today`, `${part}/x`, `\\\\server\\share\\${part}\\y`]) {
        assert.match(onWindows(folder), /outputFolder: Windows /, folder);
        assert.equal(mistakeIn({ outputFolder: folder }, SUBSCRIPTION), 'none', folder);
      }
    const right = [
      'D:\\',
      'D:',
      'd:/reports',
      '\\\\server\\share$\\jit',
      '..\\jit\\.',
      '\\\\?\\C:\\jit',
      '\\jit',
      '',
    ];
    for (const folder of [...right, 'console', '.nul', 'com10', 'reports/2026.11', 'Jit reports'])
      assert.equal(onWindows(folder), 'none', folder);
  });
});
