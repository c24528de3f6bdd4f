import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findOwnTasks } from '../support/docs/ownTasks';
import { refusedActions } from '../support/docs/refusedActions';
import type { BoundTask } from '../support/editor/pickList';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** Each task's role, and the actions in the task's files that not every role needs. */
const ROLES = [
  {
    file: 'docs/roles/jit-open-ports.json',
    task: 'JitOpenPorts',
    least: 8,
    // Azure requires the first one for some VMs only, and a dry run reports whether it is granted. The second one is
    // for firewalls.
    perhaps: ['Microsoft.Compute/virtualMachines/write', 'Microsoft.Network/azureFirewalls/read'],
  },
  {
    file: 'docs/roles/jit-configure-policy.json',
    task: 'JitConfigurePolicy',
    least: 6,
    perhaps: [],
  },
  {
    file: 'docs/roles/jit-report.json',
    task: 'JitReport',
    least: 9,
    perhaps: [],
  },
] as const;

/** What the lists of the editors read, by the end of the URL, and the required action. */
const LISTED = [
  [/\/providers\/Microsoft\.Compute\/virtualMachines$/, 'Microsoft.Compute/virtualMachines/read'],
  [/\/resourcegroups$/, 'Microsoft.Resources/subscriptions/resourceGroups/read'],
] as const;

/** The input of `az role definition create`. */
interface Role {
  readonly Name: string;
  readonly IsCustom: boolean;
  readonly Description: string;
  readonly Actions: readonly string[];
  readonly AssignableScopes: readonly string[];
}

const readRole = (file: string): Role => JSON.parse(read(file)) as Role;

/** Returns the files of a task, including everything that they import. */
function filesOf(task: string): readonly string[] {
  const start = `tasks/${task}/${task}V1/src/index.ts`;
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, target = ''] of read(file).matchAll(/(?:from |import\()'(\.[^']+?)(?:\.js)?'/g)) {
      visit(path.posix.join(path.posix.dirname(file), `${target}.ts`));
    }
  };
  visit(start);
  return [...seen];
}

/** Returns the actions in a task's code that are complete texts. */
function actionsInCode(files: readonly string[]): string[] {
  const texts = files.flatMap((file) => [
    ...read(file).matchAll(/['"`](Microsoft\.\w+(?:\/\w+)+\/(?:read|action|delete|write))['"`]/g),
  ]);
  return [...new Set(texts.map(([, action = '']) => action))].sort();
}

/** Returns the actions that the editors need to fill a task's lists. */
async function actionsOfLists(task: string): Promise<readonly string[]> {
  const bound = (await findOwnTasks()).find(({ definition }) => definition.name === task);
  const bindings = (bound?.definition as BoundTask | undefined)?.dataSourceBindings ?? [];
  return bindings.map(({ endpointUrl }) => {
    const action = LISTED.find(([end]) => end.test(endpointUrl.replace(/\?.*$/, '')))?.[1];
    assert.ok(action, `LISTED lacks ${endpointUrl}`);
    return action;
  });
}

/** Returns every action that a task needs: those in its code, those that its code builds, and those of its lists. */
async function actionsOf(task: string): Promise<readonly string[]> {
  const files = filesOf(task);
  const made = await refusedActions(files);
  return [...new Set([...actionsInCode(files), ...made, ...(await actionsOfLists(task))])].sort();
}

for (const { file, task, least, perhaps } of ROLES) {
  const role = () => readRole(file);
  describe(`the role of ${task} in the documents`, () => {
    it('has the actions that the task needs, and no other', async () => {
      const actions = await actionsOf(task);
      assert.ok(actions.length >= least, actions.join(' '));
      const always = actions.filter((action) => !perhaps.some((one) => one === action));
      assert.deepEqual([...role().Actions].sort(), always);
    });

    it('is a role that az accepts', () => {
      const { Name, IsCustom, Description, AssignableScopes } = role();
      assert.ok(Name.length > 0 && Description.length > 0);
      assert.equal(IsCustom, true);
      assert.match(AssignableScopes[0] ?? '', /^\/subscriptions\/[\da-f-]{36}$/);
    });

    it('is the same in docs/permissions.md and in its file', () => {
      const shown = [...read('docs/permissions.md').matchAll(/```json\n([\s\S]*?)```/g)];
      const roles = shown.map(([, text = '']) => JSON.parse(text) as Role);
      assert.deepEqual(
        roles.find(({ Name }) => Name === role().Name),
        role(),
      );
    });

    it('is the same on the Marketplace page and in its file', () => {
      const shown = [...read('docs/marketplace.md').matchAll(/```json\n([\s\S]*?)```/g)];
      const roles = shown.map(([, text = '']) => JSON.parse(text) as Role);
      assert.deepEqual(
        roles.filter(({ Name }) => Name === role().Name),
        [role()],
      );
    });

    it('has a reason for each action in docs/permissions.md', () => {
      const permissions = read('docs/permissions.md');
      const section = permissions.slice(permissions.indexOf(`"Name": "${role().Name}"`));
      for (const action of role().Actions) {
        assert.match(section, new RegExp(`^\\| \`${action}\` +\\| \\S.* \\| \\S`, 'm'));
      }
    });
  });
}
