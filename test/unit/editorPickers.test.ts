import assert from 'node:assert/strict';
import { startAzure, type Principal, type SimulatedAzure } from '../support/azure';
import { createCaller, send } from '../support/azure/caller';
import { findOwnTasks, type OwnTask } from '../support/docs/ownTasks';
import type { DataSourceBinding } from '../support/editor/endpointProxy';
import { openList, savedValue, type BoundTask, type EditorContext } from '../support/editor/pickList';

const CONNECTION = { connectedServiceName: '4f1d1d0e-95a8-4d3b-8b1e-0b5f6f6e6a01' };
const SUBSCRIPTION = '9b0e6d2c-4a55-4c0b-9d55-5d1e3b7a0c11';

interface Picker extends OwnTask {
  readonly binding: DataSourceBinding;
}

/** How an input for scopes, such as the one of JitReport, lists the resource groups of the subscription. */
const GROUPS: DataSourceBinding = {
  target: 'scope',
  endpointId: '$(connectedServiceName)',
  endpointUrl:
    '{{{endpoint.url}}}subscriptions/{{{endpoint.subscriptionId}}}/resourcegroups?api-version=2021-04-01&{{{page}}}',
  resultSelector: 'jsonpath:$.value[*]',
  resultTemplate: '{ "Value": "{{{ #jsonEscape name}}}", "DisplayValue": "{{{ #jsonEscape name}}}" }',
  initialContextTemplate: '{ "page": "" }',
  callbackContextTemplate:
    '{ "page": "{{#getTokenValue response.nextLink}}{{{extractUrlQueryParamKeyValue %24skiptoken,%24skipToken}}}{{/getTokenValue}}" }',
  callbackRequiredTemplate: '{{isTokenPresent response.nextLink}}',
};

const isVms = ({ binding }: Picker): boolean => binding.target === 'vmResourceId';

describe('the pickers of the editors', () => {
  let azure: SimulatedAzure;
  let principal: Principal;
  let pickers: readonly Picker[];
  let context: EditorContext;

  before(async () => {
    pickers = (await findOwnTasks()).flatMap((task) =>
      ((task.definition as BoundTask).dataSourceBindings ?? []).map((binding) => ({ ...task, binding })),
    );
  });
  beforeEach(async () => {
    azure = await startAzure();
    principal = azure.addPrincipal({ secret: 'right' });
    const { token } = await createCaller(azure, principal);
    const headers = { authorization: `Bearer ${token}` };
    context = {
      endpoint: { url: `${azure.url}/`, subscriptionId: SUBSCRIPTION },
      query: (url) => send(azure, url, { headers }),
    };
    azure.addVm({ name: 'elsewhere', subscriptionId: '00000000-0000-4000-8000-000000000002' });
  });
  afterEach(async () => {
    await azure.close();
    azure.assertNoViolations();
  });

  const addVms = (...names: readonly string[]): void => {
    for (const name of names) azure.addVm({ name, subscriptionId: SUBSCRIPTION, resourceGroup: 'rg-app' });
  };
  const open = ({ binding }: Picker, more: Partial<EditorContext> = {}, values: object = CONNECTION) =>
    openList(binding, { ...values }, { ...context, ...more });
  const inputOf = ({ definition, binding }: Picker) => {
    const input = definition.inputs.find(({ name }) => name === binding.target);
    assert.ok(input, `${definition.name} has no input ${binding.target}`);
    return input;
  };
  /** Returns the names of the VMs that the task reads from the value that an editor saved. */
  const vmsIn = ({ check }: Picker, text: string): readonly string[] => {
    const values: Record<string, string> = { ...CONNECTION, vmResourceId: text };
    const inputs = check?.((name) => values[name] ?? '', SUBSCRIPTION) as {
      // In a task that also accepts patterns, each entry says whether it is a VM.
      vms: readonly ({ name: string } | { vm: { name: string } })[];
    };
    return inputs.vms.map((one) => ('vm' in one ? one.vm.name : one.name));
  };

  it('exist for the VMs of every task with VMs', async () => {
    const wanted = (await findOwnTasks()).filter(({ definition }) =>
      definition.inputs.some(({ name }) => name === 'vmResourceId'),
    );
    assert.deepEqual(
      pickers.filter(isVms).map(({ reference }) => reference),
      wanted.map(({ reference }) => reference),
    );
    assert.ok(wanted.length >= 2);
  });

  it('belong to list inputs that accept several entries and typed text', () => {
    for (const picker of pickers) {
      const { type, properties = {} } = inputOf(picker);
      const { EditableOptions, MultiSelectFlatList } = properties;
      assert.deepEqual([type, EditableOptions, MultiSelectFlatList], ['pickList', 'True', 'True']);
      assert.equal(picker.binding.endpointId, '$(connectedServiceName)');
    }
  });

  it('list every VM of the subscription from all pages, and save what the task reads', async () => {
    azure.settings.listPageSize = 2;
    addVms('web-01', 'web-02', 'db-01', 'db-02', 'db-03');
    for (const picker of pickers.filter(isVms)) {
      const list = await open(picker);
      assert.equal(list.calls, 3);
      assert.equal(list.saved.size, 5);
      const value = savedValue(inputOf(picker), list, [...list.saved.keys()].join(', '));
      assert.deepEqual(vmsIn(picker, value), ['web-01', 'web-02', 'db-01', 'db-02', 'db-03']);
    }
  });

  it('show an entry as it is saved, so that a pipeline looks the same before and after the list is loaded', async () => {
    addVms('web-01');
    for (const picker of pickers.filter(isVms)) {
      for (const [shown, saved] of (await open(picker)).saved) assert.equal(saved, shown);
    }
  });

  it('are empty without VMs', async () => {
    azure.removeVm(azure.addVm({ name: 'gone', subscriptionId: SUBSCRIPTION }));
    for (const picker of pickers.filter(isVms)) {
      const { saved, last } = await open(picker);
      assert.deepEqual([saved.size, last?.statusCode], [0, 200]);
    }
  });

  it('are empty for a connection without permissions, while typed text is still saved', async () => {
    addVms('web-01');
    principal.permissions = [];
    for (const picker of pickers.filter(isVms)) {
      const list = await open(picker);
      assert.equal(list.saved.size, 0);
      assert.deepEqual([list.last?.statusCode, list.calls], [403, 1]);
      assert.match(list.last?.errorMessage ?? '', /AuthorizationFailed.*virtualMachines\/read/);
      const value = savedValue(inputOf(picker), list, 'rg-app/web-01, rg-app/web-02');
      assert.deepEqual(vmsIn(picker, value), ['web-01', 'web-02']);
    }
  });

  it('keep variables next to entries', async () => {
    addVms('web-01');
    for (const picker of pickers.filter(isVms)) {
      const list = await open(picker);
      const [entry = ''] = list.saved.keys();
      assert.equal(savedValue(inputOf(picker), list, `$(vms), ${entry}`), `$(vms),${entry}`);
    }
  });

  it('send nothing before a connection is chosen, or if it is a variable', async () => {
    for (const connectedServiceName of ['', '$(connection)']) {
      for (const picker of pickers) {
        assert.equal((await open(picker, {}, { connectedServiceName })).calls, 0);
      }
    }
    assert.deepEqual(azure.callsTo('vms.list'), []);
  });

  it('list 2,000 VMs from many pages', async function () {
    this.timeout(20_000);
    azure.settings.listPageSize = 100;
    addVms(...Array.from({ length: 2000 }, (_, at) => `vm-${at}`));
    const [picker] = pickers.filter(isVms);
    assert.ok(picker);
    const list = await open(picker);
    assert.deepEqual([list.saved.size, list.calls], [2000, 20]);
    const stopped = await open(picker, { mostCalls: 5 });
    assert.equal(stopped.saved.size, 500);
    const shown = `${[...stopped.saved.keys()][0] ?? ''}, rg-app/vm-1999`;
    assert.deepEqual(vmsIn(picker, savedValue(inputOf(picker), stopped, shown)), ['vm-0', 'vm-1999']);
  });

  it('keep names with special characters of HTML, JSON, templates, or URLs', async () => {
    const names = ["o'neil", 'größe-01', '{{{name}}}', 'a!b~c`d', '(x)', '名前'];
    for (const name of names)
      azure.addVm({ name, subscriptionId: SUBSCRIPTION, resourceGroup: 'rg-(ä).b_c' });
    for (const picker of pickers.filter(isVms)) {
      const list = await open(picker);
      const value = savedValue(inputOf(picker), list, [...list.saved.keys()].join(', '));
      assert.deepEqual(vmsIn(picker, value).toSorted(), names.toSorted());
    }
  });

  it('lose all pages if one of them fails, but still accept typed text', async () => {
    azure.settings.listPageSize = 1;
    addVms('web-01', 'web-02');
    const [picker] = pickers.filter(isVms);
    assert.ok(picker);
    let calls = 0;
    const request: EditorContext['query'] = async (url) => {
      calls += 1;
      return calls === 2 ? { status: 500, headers: {}, text: 'broken' } : context.query(url);
    };
    const list = await open(picker, { query: request });
    assert.deepEqual([list.saved.size, list.calls, list.last?.errorMessage], [0, 2, 'broken']);
    assert.equal(savedValue(inputOf(picker), list, 'rg-app/web-02'), 'rg-app/web-02');
  });

  it('can list the resource groups of the subscription as scopes, and do so in every task with scopes', async () => {
    for (const { definition, binding } of pickers) {
      if (binding.target === 'scope') assert.deepEqual(binding, GROUPS, definition.name);
    }
    azure.settings.listPageSize = 2;
    for (const resourceGroup of ['rg-a', 'rg-b', 'rg-(c)']) {
      azure.addVm({ name: `vm-${resourceGroup}`, subscriptionId: SUBSCRIPTION, resourceGroup });
    }
    principal.permissions = [{ actions: ['*'] }];
    const { saved, calls } = await openList(GROUPS, CONNECTION, context);
    assert.equal(calls, 2);
    assert.deepEqual([...saved.values()], ['rg-a', 'rg-b', 'rg-(c)']);
  });
});
