import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DOCUMENTED } from '../../scripts/docTables';
import { DOCUMENTS, filesBelow, read, ROOT } from '../support/docs/documents';
import { findOwnTasks, namesOf } from '../support/docs/ownTasks';
import { faultsIn, faultsInOutput, ownSteps, type Known } from '../support/docs/pipelines';

const EXAMPLES = filesBelow('examples', '.yml');
const STEP = ['- task: JitOpenPorts@1', '  name: jit', '  inputs:'];
const CONNECTION = '    azureSubscription: my-connection';
const VM = '    vmResourceId: rg-app/web-01';

let known: Known;

async function learnTasks(): Promise<void> {
  const tasks = await findOwnTasks();
  known = {
    tasks,
    usualNames: new Map(
      DOCUMENTED.flatMap(({ task: name, step }) =>
        tasks.filter(({ definition }) => definition.name === name).map((task) => [step, task]),
      ),
    ),
  };
}

describe('the YAML check for documents and examples', () => {
  before(learnTasks);

  const faults = (...lines: readonly string[]): readonly string[] => faultsIn(lines.join('\n'), known);

  it('finds nothing wrong with a valid step and the steps after it', () => {
    const script = '- script: ssh -p $(jit.port) $(jit.host) in $(System.TeamProject)';
    assert.deepEqual(faults(...STEP, CONNECTION, VM, '    ports: 22', '    dryRun: true', script), []);
    assert.deepEqual(faults(...STEP, CONNECTION, '    vmResourceIds: $(vm)', '    waitFor: ${{ x }}'), []);
    assert.deepEqual(faults(script), []);
    assert.deepEqual(faults('- task: AzureCLI@2', '  name: az', '- script: echo $(az.any)'), []);
  });

  for (const [what, lines] of [
    ['YAML that cannot be read', ['- task: "JitOpenPorts@1']],
    ['a key twice', [...STEP, CONNECTION, CONNECTION, VM]],
    ['a task that does not exist', ['- task: JitOpenPort@1']],
    ['a major version that does not exist', ['- task: JitOpenPorts@2']],
    ['a task without a major version', ['- task: AzureCLI']],
    ['a key that steps do not have', [...STEP, CONNECTION, VM, '  conditions: always()']],
    ['an unknown input', [...STEP, CONNECTION, VM, '    port: 22']],
    ['an input by both of its names', [...STEP, CONNECTION, VM, '    vmResourceIds: rg-app/web-01']],
    ['a required input that is missing', [...STEP, CONNECTION]],
    ['a choice that there is not', [...STEP, CONNECTION, VM, '    waitFor: rules']],
    ['a boolean that is none', [...STEP, CONNECTION, VM, '    dryRun: yes']],
    ['a list in place of a text', [...STEP, CONNECTION, '    vmResourceId:', '      - rg-app/web-01']],
    ['a value that the task does not take', [...STEP, CONNECTION, VM, '    duration: 25h']],
    ['an output that there is not', [...STEP, CONNECTION, VM, '- script: echo $(jit.hosts)']],
    ['an output of a step that comes later', ['- script: echo $(jit.host)', ...STEP, CONNECTION, VM]],
    ['an output of a step that there is not', [...STEP, CONNECTION, VM, '- script: echo $(jti.host)']],
    ['an output that there is not, of a step elsewhere', ['- script: echo $(jit.hosts)']],
    ['an output of another job', ['variables:', "  a: $[ dependencies.b.outputs['jit.hosts'] ]"]],
    [
      'a wrong step deep inside',
      ['stages:', '  - jobs:', '      - steps:', '          - task: JitOpenPort@1'],
    ],
  ] as const) {
    it(`finds ${what}`, () => {
      assert.equal(faults(...lines).length, 1, faults(...lines).join('\n'));
    });
  }
});

describe('the documentation', () => {
  before(learnTasks);

  for (const file of EXAMPLES) {
    it(`includes ${file}, which is valid for the tasks`, () => {
      const text = read(file);
      assert.deepEqual(faultsIn(text, known), []);
      assert.ok(ownSteps(text, known.tasks).length > 0);
    });

    it(`mentions ${file}`, () => {
      assert.ok(DOCUMENTS.some(({ text }) => text.includes(file)));
    });
  }

  for (const { file, text, blocks } of DOCUMENTS) {
    it(`includes ${file}, with YAML that is valid for the tasks, and JSON that can be parsed`, () => {
      for (const block of blocks) {
        const at = `${file}:${block.line}`;
        if (/^ya?ml$/.test(block.language)) assert.deepEqual(faultsIn(block.text, known), [], at);
        if (block.language === 'json') assert.doesNotThrow(() => void JSON.parse(block.text), at);
        if (block.sameAs !== undefined)
          assert.equal(block.text, read(block.sameAs), `${at} and ${block.sameAs}`);
      }
    });

    it(`includes ${file}, with commands that name existing files`, () => {
      for (const { language, text: command, line } of blocks.filter(
        (block) => !/ya?ml|json/.test(block.language),
      )) {
        for (const [, target = ''] of command.matchAll(/(?<=\s)@([\w.-]+\/[\w./-]+)/g)) {
          assert.ok(existsSync(path.join(ROOT, target)), `${file}:${line} ${language} names ${target}`);
        }
      }
    });

    it(`includes ${file}, with outputs that the tasks have`, () => {
      const faults = [...text.matchAll(/\$\((\w+)\.(\w+)\)/g)].flatMap(([macro, step = '', output = '']) =>
        faultsInOutput(macro, known.usualNames.get(step), output),
      );
      assert.deepEqual(faults, []);
    });
  }

  it('shows every input of every task in docs/inputs.md', () => {
    const page = DOCUMENTS.find(({ file }) => file === 'docs/inputs.md');
    const steps = (page?.blocks ?? []).flatMap(({ text }) => ownSteps(text, known.tasks));
    for (const { reference, definition } of known.tasks) {
      const shown = steps
        .filter(({ task }) => task === reference)
        .flatMap(({ inputs }) => Object.keys(inputs ?? {}));
      const missing = definition.inputs.filter(
        (input) => !namesOf(input).some((name) => shown.includes(name)),
      );
      assert.deepEqual(
        missing.map(({ name }) => name),
        [],
        reference,
      );
    }
  });

  it('is checked by the tasks themselves', () => {
    for (const { reference, check } of known.tasks)
      assert.ok(check, `test/support/docs/ownTasks.ts: ${reference}`);
  });

  it('has an end-to-end example: reported, added to a policy, opened until the job ends, reported, audited', () => {
    const steps = ownSteps(read('examples/end-to-end.yml'), known.tasks);
    assert.deepEqual(
      steps.map(({ task }) => task),
      ['JitReport@1', 'JitConfigurePolicy@1', 'JitOpenPorts@1', 'JitReport@1', 'JitReport@1'],
    );
    assert.deepEqual(new Map(Object.entries(steps[2]?.inputs ?? {})).get('closeAtJobEnd'), true);
  });

  it('has an example with both tasks, with the policy first', () => {
    const steps = ownSteps(read('examples/configure-and-open.yml'), known.tasks);
    assert.deepEqual(
      steps.map(({ task }) => task),
      ['JitConfigurePolicy@1', 'JitOpenPorts@1'],
    );
  });
});
