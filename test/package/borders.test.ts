import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  checkBorders,
  notAllowed,
  reachedByOneTask,
  unusedArrows,
  type Borders,
} from '../../scripts/borders/check';
import { picture, table } from '../../scripts/borders/page';
import { partOf, PARTS, type Part } from '../../scripts/borders/parts';
import { replaceMarkedPart } from '../../scripts/markedPart';
import { ROOT } from '../../scripts/stage';

const PACKAGES = [
  'node:fs',
  '@azure/identity',
  'azure-pipelines-task-lib',
  'https-proxy-agent',
  'azure-devops-extension-sdk',
];
const nameOf = (module: string) => module.split(/[:/]/)[0] ?? module;

describe('the borders between the parts of the product', () => {
  let own: Borders;
  let folder: string;
  before(async () => {
    own = await checkBorders(ROOT);
    folder = mkdtempSync(path.join(tmpdir(), 'borders-'));
    for (const own of ['tasks', 'web'])
      cpSync(path.join(ROOT, own), path.join(folder, own), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Returns a file of a part. */
  const fileOf = (part: Part): string => {
    const found = own.files.find((file) => partOf(file) === part);
    assert.ok(found, `${part.name} has no file`);
    return found;
  };
  /** Writes a file into a part, or appends to its only file. */
  const plant = (part: Part, text: string): void => {
    const isOne = part.files?.test('planted.ts') === false;
    if (isOne) appendFileSync(path.join(folder, fileOf(part)), text);
    else writeFileSync(path.join(folder, part.folder, 'planted.ts'), text);
  };
  const importOf = (part: Part, module: string) => `import {} from '${module}'; // from ${part.name}\n`;
  const importOfFile = (part: Part, target: string): string => {
    const way = path.posix.relative(part.folder, target.replace(/\.ts$/, ''));
    return importOf(part, way.startsWith('.') ? way : `./${way}`);
  };

  it('are respected, with every file in a part, every arrow in use, and nothing in shared for one task only', () => {
    assert.deepEqual(own.problems, []);
    assert.deepEqual(unusedArrows(own), []);
    assert.deepEqual(reachedByOneTask(own), []);
    assert.ok(own.files.length > 150 && own.imports.length > 500);
  });

  it('allow one meaning for each type name, except for the names of inputs in each task', () => {
    const places = new Map<string, string[]>();
    for (const file of own.files) {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      for (const [, name = ''] of text.matchAll(
        /^(?:export )?(?:interface|type|class|abstract class) (\w+)/gm,
      ))
        places.set(name, [...(places.get(name) ?? []), file]);
    }
    const twice = [...places].filter(([name, files]) => files.length > 1 && name !== 'InputName');
    assert.deepEqual(twice, []);
    assert.ok(places.size > 200, String(places.size));
  });

  it('match the diagram and the table in docs/architecture.md ("npm run docs" updates them)', async () => {
    const page = path.join(folder, 'architecture.md');
    cpSync(path.join(ROOT, 'docs/architecture.md'), page);
    await replaceMarkedPart(page, 'picture of the parts', picture(own));
    await replaceMarkedPart(page, 'table of arrows', table());
    const [current, drawn] = [path.join(ROOT, 'docs/architecture.md'), page].map((file) =>
      readFileSync(file, 'utf8').replace(/ +|-+/g, ' '),
    );
    assert.equal(current, drawn);
  });

  it('reject an import for every arrow that is not in the table, and for every package', async () => {
    const refused: string[] = [];
    for (const part of PARTS) {
      const others = PARTS.filter((other) => other !== part && !part.may.includes(other.name));
      const packages = PACKAGES.filter((module) => !part.packages?.includes(nameOf(module)));
      const lines = [
        ...others.map((other) => importOfFile(part, fileOf(other))),
        ...packages.map((module) => importOf(part, module)),
      ];
      plant(part, lines.join(''));
      refused.push(
        ...others.map((other) => `: ${notAllowed(part.name, other.name)}`),
        ...packages.map((module) => `: ${notAllowed(part.name, module.replace('node:', ''))}`),
      );
    }
    const { problems } = await checkBorders(folder);
    const missing = refused.filter((text) => !problems.some((problem) => problem.endsWith(text)));
    assert.deepEqual(missing, []);
    assert.ok(refused.length > 500, String(refused.length));
  });

  it('reject cycles, including within a part and between types only, and files outside every part', async () => {
    const core = path.join(folder, 'tasks/shared/core');
    writeFileSync(path.join(core, 'one.ts'), `import type { Two } from './two';\nexport type One = Two;\n`);
    writeFileSync(path.join(core, 'two.ts'), `import type { One } from './one';\nexport type Two = One;\n`);
    writeFileSync(path.join(folder, 'tasks/shared/lost.ts'), 'export const lost = 1;\n');
    const { problems } = await checkBorders(folder);
    assert.ok(problems.some((text) => /core\/(?:one|two)\.ts → .*core\/(?:one|two)\.ts/.test(text)));
    assert.ok(problems.some((text) => text.startsWith('tasks/shared/lost.ts ')));
  });

  it('report files in shared that only one task uses', async () => {
    const file = path.join(folder, 'tasks/shared/core/lonely.ts');
    writeFileSync(file, 'export const lonely = 1;\n');
    const user = path.join(folder, 'tasks/JitReport/JitReportV1/src/judge/user.ts');
    writeFileSync(user, `export { lonely } from '../../../../shared/core/lonely';\n`);
    const found = reachedByOneTask(await checkBorders(folder));
    assert.ok(found.includes('tasks/shared/core/lonely.ts'));
    assert.ok(!found.includes('tasks/shared/core/text.ts'));
  });
});
