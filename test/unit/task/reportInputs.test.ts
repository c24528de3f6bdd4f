import assert from 'node:assert/strict';
import { readInputs, type InputName } from '../../../tasks/JitReport/JitReportV1/src/inputs';
import { CodedError } from '../../../tasks/shared/core/errors';
import { SUBSCRIPTION } from '../core/policies';

type Raw = Partial<Record<InputName, string>>;
const readRaw = (raw: Raw, subscription: string | undefined, isWindows?: boolean) =>
  readInputs((name) => ({ connectedServiceName: 'c', ...raw })[name] ?? '', subscription, isWindows);
const read = (raw: Raw = {}) => readRaw(raw, SUBSCRIPTION);
/** Returns the reported mistakes. */
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
  it('have defaults: the subscription of the connection, a week, and no gate', () => {
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

  it('accept scopes by line and by comma, and keep only the widest ones', () => {
    const ids = (scope: string) => read({ scope }).scopes.map(({ id }) => id);
    const subscription = `/subscriptions/${SUBSCRIPTION}`;
    const group = (name: string) => `${subscription}/resourceGroups/${name}`;
    assert.deepEqual(ids('rg-1, rg-10\n\n rg-2 '), ['rg-1', 'rg-10', 'rg-2'].map(group));
    assert.deepEqual(ids(`rg-1/vm\r\nrg-1\nRG-1`), [group('rg-1')]);
    assert.deepEqual(ids(`rg-1,${SUBSCRIPTION}`), [subscription]);
  });

  it('accept whole days from 1 to 90', () => {
    for (const days of ['1', '90', '07', ' 30 ']) assert.equal(read({ days }).days, Number(days), days);
    for (const days of ['0', '91', '-1', '1.5', '1e1', '0x7', 'a week', '7 days', '٧', '99999']) {
      assert.match(mistakeIn({ days }, SUBSCRIPTION), /days/, days);
    }
  });

  it('accept a gate regardless of case', () => {
    for (const failOn of ['nothing', 'notConfigured', 'openToInternet', 'mayBeOpen'] as const) {
      assert.equal(read({ failOn: failOn.toUpperCase() }).failOn, failOn);
    }
    assert.match(mistakeIn({ failOn: 'both' }, SUBSCRIPTION), /failOn.*both/);
  });

  it('keep scopes that other scopes contain, because they must exist too', () => {
    const inner = (scope: string) => read({ scope }).inner.map(({ id }) => id.split('/').at(-1));
    assert.deepEqual(inner('rg-1\nrg-1/nobody\nrg-2'), ['nobody']);
    assert.deepEqual(inner(`${SUBSCRIPTION}, rg-none, rg-1/vm`), ['rg-none', 'vm']);
  });

  it('accept ports by number, range, and name', () => {
    assert.deepEqual(read({ ports: '1433, 8000-8002, ssh' }).ports, [1433, 8000, 8001, 8002, 22]);
    for (const ports of ['all', '1-65535', '0', 'x', '1433;22']) {
      assert.match(mistakeIn({ ports }, SUBSCRIPTION), /ports.*cannot be read/, ports);
    }
  });

  it('name a machine type that just-in-time access does not support', () => {
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

  it('require a scope if the connection has no subscription', () => {
    assert.match(mistakeIn({}), /scope/);
    assert.match(mistakeIn({ scope: 'rg-app' }), /scope.*rg-app/);
    assert.equal(mistakeIn({ scope: SUBSCRIPTION }), 'none');
  });

  it('are all reported at once if they are invalid', () => {
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

  it('reject a folder with a name that Windows changes or does not allow, on Windows only', () => {
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
