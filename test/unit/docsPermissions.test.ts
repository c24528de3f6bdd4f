import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const ROLE_FILE = 'docs/roles/jit-open-ports.json';

/** What `az role definition create` reads. */
interface Role {
  readonly Name: string;
  readonly IsCustom: boolean;
  readonly Description: string;
  readonly Actions: readonly string[];
  readonly AssignableScopes: readonly string[];
}

const role = (): Role => JSON.parse(read(ROLE_FILE)) as Role;

/** The actions that the gateways name, as texts or as `${TYPE}/read` with TYPE in the same file. */
function actionsInCode(): string[] {
  const folder = 'tasks/shared/azure';
  const texts = readdirSync(path.join(ROOT, folder)).flatMap((file) => {
    const code = read(`${folder}/${file}`);
    const type = /const TYPE = '([^']+)'/.exec(code)?.[1];
    const whole = type === undefined ? code : code.replaceAll('${TYPE}', type);
    return [...whole.matchAll(/['"`](Microsoft\.\w+(?:\/\w+)+\/(?:read|action|delete|write))['"`]/g)];
  });
  return [...new Set(texts.map(([, action = '']) => action))].sort();
}

describe('the role in the documents', () => {
  it('has the actions that the code needs, and no other', () => {
    const actions = actionsInCode();
    assert.ok(actions.length >= 8, actions.join(' '));
    assert.deepEqual([...role().Actions].sort(), actions);
  });

  it('is a role that az takes', () => {
    const { Name, IsCustom, Description, AssignableScopes } = role();
    assert.ok(Name.length > 0 && Description.length > 0);
    assert.equal(IsCustom, true);
    assert.match(AssignableScopes[0] ?? '', /^\/subscriptions\/[\da-f-]{36}$/);
  });

  it('stands in docs/permissions.md as it is in its file', () => {
    const shown = /```json\n([\s\S]*?)```/.exec(read('docs/permissions.md'))?.[1] ?? '';
    assert.deepEqual(JSON.parse(shown), role());
  });

  it('has a reason for each action in docs/permissions.md, and README.md names them all', () => {
    const permissions = read('docs/permissions.md');
    for (const action of role().Actions) {
      assert.match(permissions, new RegExp(`^\\| \`${action}\` +\\| \\S.* \\| \\S`, 'm'));
      const short = action.replace(/^.*jitNetworkAccessPolicies(?=\/initiate)/, '…');
      assert.ok(read('README.md').includes(`\`${short}\``), action);
    }
  });
});
