import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { usePackagedTask } from '../support/packagedTask';
import { anyPort } from '../support/scenario';
import { describeInBrowser } from '../support/tab/useTab';

const CONFIGURE = 'tasks/JitConfigurePolicy/JitConfigurePolicyV1';

describeInBrowser('the tab of a run with VMs and policies of the same name in two groups', (tabs) => {
  const openPorts = usePackagedTask('Node20_1');
  const configurePolicy = usePackagedTask('Node20_1', CONFIGURE);
  const GROUPS = ['rg-a', 'rg-b'];

  /** Returns the text of the cells in one column of a section. */
  const cellsOf = async (
    section: string,
    column: string,
    { attachments }: { readonly attachments: readonly { readonly name: string; readonly file: string }[] },
  ): Promise<readonly string[]> => {
    const documents = attachments.map(({ name, file }) => ({ name, text: readFileSync(file, 'utf8') }));
    const id = tabs.devops.addRun(tabs.devops.addPipeline('deploy-web'), documents);
    const { page } = await tabs.open({ page: 'tab', build: { id, status: 2 } });
    await page.waitForSelector('tbody tr');
    return page.evaluate<readonly string[]>(
      `[...document.querySelectorAll('section[aria-labelledby=${section}] tbody [data-label="${column}"]')]
        .map(({ innerText }) => innerText)`,
    );
  };

  it('names the group and the region of each policy, and the group of each VM', async () => {
    const step = await configurePolicy.prepare();
    const vms = GROUPS.map((resourceGroup) => step.azure.addVm({ name: 'web', resourceGroup }));
    const run = await step.run({ vmResourceId: vms.map(({ id }) => id).join(), portRules: '443' });
    const region = vms[0]?.location ?? '';
    assert.deepEqual(
      await cellsOf('policies', 'Policy', run),
      GROUPS.map((group) => `default (${group}, ${region})`),
    );
    assert.deepEqual(
      await cellsOf('policies', 'VM', run),
      GROUPS.map((group) => `web\n${group}`),
    );
  });

  it('names the group of each VM whose ports it shows', async () => {
    const step = await openPorts.prepare();
    const vms = GROUPS.map((resourceGroup) => step.azure.addVm({ name: 'web', resourceGroup }));
    for (const vm of vms) step.azure.addPolicy({ name: 'default', vms: [{ vm, ports: [anyPort(22)] }] });
    const run = await step.run({ vmResourceId: vms.map(({ id }) => id).join() });
    assert.deepEqual(
      await cellsOf('ports', 'VM', run),
      GROUPS.map((group) => `web\n${group}`),
    );
  });
});
