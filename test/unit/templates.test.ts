import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { DOCUMENTS, filesBelow, read } from '../support/docs/documents';
import { findOwnTasks, type OwnTask } from '../support/docs/ownTasks';
import { faultsIn } from '../support/docs/pipelines';
import { faultsInStep, type Step } from '../support/docs/steps';
import { expandTemplate, readTemplate } from '../support/docs/templates';

const TEMPLATES = filesBelow('templates', '.yml');
const STEPS_TEMPLATE = 'templates/open-run-close.yml';
const DEPLOYMENT = 'templates/deployment.yml';
const MAIN = { 'Build.SourceBranch': 'refs/heads/main' };

/** Returns a `script:` step in the form in which the service passes it to a template, with its task. */
const script = (text: string): Step => ({ task: 'CmdLine@2', inputs: { script: text } });

let tasks: readonly OwnTask[];

interface Stage {
  readonly stage?: string;
  readonly jobs?: readonly { readonly steps: readonly Step[] }[];
  readonly [key: string]: unknown;
}

const expandDeployment = (
  steps: readonly Step[],
  variables: Readonly<Record<string, string>> = MAIN,
): readonly Stage[] =>
  expandTemplate(DEPLOYMENT, { vmResourceId: 'rg-app/web-01', steps }, variables) as readonly Stage[];

const stepsOf = (stages: readonly Stage[]): readonly Step[] =>
  stages.flatMap(({ jobs = [] }) => jobs.flatMap(({ steps }) => steps));

/** Returns the pipelines that use a template, in documents and in the comments at the beginning of templates. */
function uses(): readonly (readonly [
  where: string,
  template: string,
  parameters: Readonly<Record<string, unknown>>,
])[] {
  const texts = [
    ...DOCUMENTS.flatMap(({ file, blocks }) =>
      blocks
        .filter(({ language }) => language === 'yaml')
        .map(({ text, line }) => [`${file}:${line}`, text] as const),
    ),
    ...TEMPLATES.map((file) => [file, headExample(file)] as const),
  ];
  return texts.flatMap(([where, text]) => {
    const found: (readonly [string, string, Readonly<Record<string, unknown>>])[] = [];
    JSON.stringify(parse(text), (_key, value: unknown) => {
      const { template, parameters = {} } = (value ?? {}) as { template?: unknown; parameters?: object };
      if (typeof template === 'string') found.push([where, template.replace(/@\w+$/, ''), { ...parameters }]);
      return value;
    });
    return found;
  });
}

/** Returns the pipeline in the comment at the beginning of a template. Its lines are indented by three spaces. */
const headExample = (file: string): string =>
  read(file)
    .split('\n')
    .filter((line) => line.startsWith('#   '))
    .map((line) => line.slice(4))
    .join('\n');

describe('the templates', () => {
  before(async () => {
    tasks = await findOwnTasks();
  });

  for (const file of TEMPLATES) {
    it(`include ${file}, which is valid for the tasks`, () => {
      assert.deepEqual(faultsIn(read(file), { tasks, usualNames: new Map() }), []);
    });

    it(`include ${file}, which uses exactly the parameters that it has`, () => {
      const used = new Set([...read(file).matchAll(/parameters\.(\w+)/g)].map(([, name]) => name));
      const declared = readTemplate(file).parameters.map(({ name }) => name);
      assert.deepEqual([...used].toSorted(), declared.toSorted());
    });

    it(`include ${file}, which is shown in a document and in its own comment, with existing parameters`, () => {
      const all = uses().filter(([, template]) => template === file);
      assert.ok(all.some(([where]) => where.startsWith('docs/')));
      assert.ok(all.some(([where]) => where === file));
      for (const [where, , parameters] of all)
        assert.doesNotThrow(() => void expandTemplate(file, parameters, MAIN), where);
    });
  }

  it('open the ports, run the steps, and close the ports after the job', () => {
    const own = [script('ssh $(jit.host)'), { bash: 'true' }];
    const given = { azureSubscription: 'my-connection', vmResourceId: 'rg-app/web-01', steps: own };
    const [open, ...others] = expandTemplate(STEPS_TEMPLATE, given, {}) as readonly Step[];
    assert.ok(open);
    assert.deepEqual(faultsInStep(open, tasks), []);
    assert.equal(open.task, 'JitOpenPorts@1');
    assert.equal((open.inputs as Readonly<Record<string, unknown>>)['closeAtJobEnd'], true);
    assert.deepEqual(others, own);
  });

  it('accept the same values as the task for waitFor', () => {
    const values = readTemplate(STEPS_TEMPLATE).parameters.find(({ name }) => name === 'waitFor')?.values;
    const task = tasks.find(({ reference }) => reference === 'JitOpenPorts@1');
    const input = task?.definition.inputs.find(({ name }) => name === 'waitFor');
    assert.deepEqual(values, Object.keys(input?.options ?? {}));
  });
});

describe('the template that a service connection can require', () => {
  before(async () => {
    tasks = await findOwnTasks();
  });

  it('opens the ports for this agent only, before the steps of the pipeline', () => {
    const [checkout, open, own] = stepsOf(expandDeployment([script('deploy')]));
    assert.equal(checkout?.['checkout'], 'self');
    assert.ok(open);
    assert.deepEqual(faultsInStep(open, tasks), []);
    const { sourceIp, closeAtJobEnd, waitFor } = open.inputs as Readonly<Record<string, unknown>>;
    assert.deepEqual([sourceIp, closeAtJobEnd, waitFor], [undefined, true, 'connection']);
    assert.deepEqual(own?.inputs, { script: 'deploy' });
  });

  it("restricts the agent commands of the pipeline's steps, regardless of the target that they name", () => {
    const target = { commands: 'restricted', settableVariables: 'none' };
    const steps = stepsOf(
      expandDeployment([
        script('one'),
        { ...script('two'), target: { commands: 'any' }, displayName: 'Two' },
      ]),
    ).slice(2);
    assert.deepEqual(steps, [
      { ...script('one'), target },
      { ...script('two'), displayName: 'Two', target },
    ]);
  });

  for (const branch of [
    'refs/heads/feature/x',
    'refs/heads/main2',
    'refs/pull/7/merge',
    'refs/tags/main',
    '',
  ]) {
    it(`has no stage for "${branch}"`, () => {
      const stages = expandDeployment([script('deploy')], { 'Build.SourceBranch': branch });
      assert.deepEqual(stepsOf(stages), []);
      assert.ok(stages.length > 0 && stages.every(({ stage }) => stage === undefined));
    });
  }

  for (const task of ['AzureCLI@2', 'AzurePowerShell@5', 'JitOpenPorts@1', 'CmdLine@1', undefined]) {
    it(`rejects a step of ${task ?? 'an unknown kind'}`, () => {
      const refused = stepsOf(expandDeployment([script('one'), { task, inputs: {} }])).slice(3);
      assert.equal(refused.length, 1);
      // A step without a known key is an error of the entire pipeline.
      assert.ok(refused.every((step) => !('task' in step) && !('inputs' in step)));
    });
  }

  it('is documented together with the protection of the service connection', () => {
    const page = DOCUMENTS.find(({ file }) => file === 'docs/templates.md')?.text ?? '';
    for (const word of [DEPLOYMENT, 'Required template', 'Branch control', 'System.AccessToken'])
      assert.ok(page.includes(word), word);
  });
});
