import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CodedError } from '../../tasks/shared/core/errors';
import type { InputDefinition } from '../support/agent/taskDefinition';
import { DOCUMENTS, parseDocument } from '../support/docs/documents';
import { findOwnTasks, type OwnTask } from '../support/docs/ownTasks';
import { isVisible, passes } from '../support/editor/rules';

/** The limits of a task's form. Names have the limit of tfx-cli, and the others keep a line or a tooltip readable. */
const LIMITS = { label: 40, option: 60, group: 40, message: 80, help: 700 } as const;
const CONNECTION = '4f1d1d0e-95a8-4d3b-8b1e-0b5f6f6e6a01';
const SUBSCRIPTION = '9b0e6d2c-4a55-4c0b-9d55-5d1e3b7a0c11';
/** A valid value of each required input. */
const RIGHT: Readonly<Record<string, string>> = {
  connectedServiceName: CONNECTION,
  vmResourceId: 'rg-app/web-01',
};

/** Parts of valid and invalid values. */
const PIECES = [
  '1',
  '30',
  '22',
  'h',
  'm',
  'S',
  'd',
  'P',
  'T',
  'PT1H30M',
  'max',
  'MAX',
  'agent',
  'Azure',
  'policy',
  'all',
];
const MORE = [
  'ssh',
  'WinRM-https',
  '-',
  ',',
  ' ',
  '\n',
  '.',
  '/',
  '*',
  '_',
  '10.0.0.1',
  '203.0.113.0/24',
  'web-01',
];
const LONGER = [
  'rg-app/web-01',
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v`,
];
const value = fc
  .array(
    fc.constantFrom(...PIECES, ...MORE, ...LONGER, 'https://a.example/?b,c', 'HTTPS://b.example', 'default'),
    {
      maxLength: 4,
    },
  )
  .map((pieces) => pieces.join(''));

/** Whether the task's own program accepts this value of an input. */
function isTaken({ check }: OwnTask, input: string, text: string): boolean {
  assert.ok(check);
  try {
    check((name) => (name === input ? text : (RIGHT[name] ?? '')), SUBSCRIPTION);
    return true;
  } catch (error) {
    assert.ok(error instanceof CodedError && error.code === 'JIT101', String(error));
    return false;
  }
}

const defaultsOf = ({ definition }: OwnTask): Record<string, string> =>
  Object.fromEntries(definition.inputs.map(({ name, defaultValue = '' }) => [name, defaultValue]));

const hidden = (task: OwnTask, values: Record<string, string>): readonly string[] =>
  task.definition.inputs
    .filter(({ visibleRule }) => !isVisible(visibleRule, { ...defaultsOf(task), ...values }))
    .map(({ name }) => name);

describe('the form of every task', () => {
  let tasks: readonly OwnTask[];
  const each = (work: (input: InputDefinition, task: OwnTask) => void): void => {
    for (const task of tasks) for (const input of task.definition.inputs) work(input, task);
  };
  const named = (name: string): OwnTask => {
    const found = tasks.find(({ definition }) => definition.name === name);
    assert.ok(found);
    return found;
  };

  before(async () => {
    tasks = await findOwnTasks();
  });

  it('has exactly the inputs that the program reads', () => {
    for (const { definition, check, reference } of tasks) {
      assert.ok(check, `${reference} is not listed in ownTasks.ts`);
      const read = new Set<string>();
      check((name) => {
        read.add(name);
        return RIGHT[name] ?? '';
      }, SUBSCRIPTION);
      assert.deepEqual([...read].toSorted(), definition.inputs.map(({ name }) => name).toSorted(), reference);
    }
  });

  it('has labels, entries, and help that fit', () => {
    const fit = (text: string, limit: keyof typeof LIMITS): void => {
      assert.ok(
        text.length > 0 && text.length <= LIMITS[limit],
        `${String(text.length)} characters: ${text}`,
      );
    };
    each(({ label, helpMarkDown = '', options = {}, validation }) => {
      fit(label, 'label');
      fit(helpMarkDown, 'help');
      for (const option of Object.values(options)) fit(option, 'option');
      if (validation) fit(validation.message, 'message');
    });
    for (const { definition } of tasks) {
      fit(definition.helpMarkDown, 'help');
      for (const { displayName } of definition.groups ?? []) fit(displayName, 'group');
    }
  });

  it('has every input in a group, and no group without inputs', () => {
    for (const { definition } of tasks) {
      const used = new Set(definition.inputs.map(({ groupName }) => groupName));
      assert.deepEqual(
        [...used],
        (definition.groups ?? []).map(({ name }) => name),
      );
    }
  });

  it('hides an input only if it has no meaning then, and the program still reads it', () => {
    const open = named('JitOpenPorts');
    assert.deepEqual(hidden(open, {}), ['probeHost']);
    assert.deepEqual(hidden(open, { waitFor: 'connection' }), []);
    assert.deepEqual(hidden(open, { waitFor: '$(waitFor)' }), []);
    assert.deepEqual(hidden(open, { waitFor: 'nothing', sourceIp: 'policy' }), ['ipEchoUrls', 'probeHost']);
    assert.deepEqual(hidden(open, { waitFor: 'connection', sourceIp: '203.0.113.7' }), []);
    const configure = named('JitConfigurePolicy');
    assert.deepEqual(hidden(configure, {}), []);
    // Port rules remain visible: they are an error with `remove`, and an error must not be hidden.
    assert.deepEqual(hidden(configure, { action: 'remove' }), ['mode']);
    assert.deepEqual(hidden(configure, { action: '$(action)' }), []);
  });

  it('hides nothing that the program would reject', () => {
    each(({ name, visibleRule }, task) => {
      if (visibleRule === undefined) return;
      for (const { name: other, options = {} } of task.definition.inputs) {
        for (const choice of Object.keys(options)) {
          if (!hidden(task, { [other]: choice }).includes(name)) continue;
          const values: Record<string, string> = { ...RIGHT, [other]: choice, [name]: FILLED[name] ?? '' };
          assert.doesNotThrow(() => task.check?.((input) => values[input] ?? '', SUBSCRIPTION), name);
        }
      }
    });
  });

  it('accepts every value that the program accepts', () => {
    each(({ name, validation, defaultValue = '' }, task) => {
      if (!validation) return;
      if (RIGHT[name] === undefined) assert.ok(passes(validation.expression, defaultValue), name);
      assert.ok(passes(validation.expression, 'a $(variable) b'), name);
      fc.assert(
        fc.property(value, (text) => passes(validation.expression, text) || !isTaken(task, name, text)),
        { numRuns: 1500, examples: [[RIGHT[name] ?? '']] },
      );
    });
  });

  it('rejects obviously invalid values, like the program', () => {
    each(({ name, validation }, task) => {
      const wrong = PLAINLY_WRONG[name] ?? [];
      assert.equal(wrong.length > 0, validation !== undefined, name);
      for (const text of wrong) {
        assert.equal(passes(validation?.expression ?? '', text), false, `${name}: ${text}`);
        assert.equal(isTaken(task, name, text), false, `${name}: ${text}`);
      }
    });
  });

  it('links its help to existing headings, relative to the repository', () => {
    const check = (help: string, where: string): void => {
      const { targets } = parseDocument('README.md', help);
      assert.ok(targets.length > 0, where);
      for (const target of targets) {
        const [file, anchor] = target.split('#');
        const document = DOCUMENTS.find((one) => one.file === file);
        assert.ok(document && anchor !== undefined && document.anchors.has(anchor), `${where}: ${target}`);
      }
    };
    for (const { definition, reference } of tasks) check(definition.helpMarkDown, reference);
    each(({ name, helpMarkDown = '' }, { reference }) => {
      check(helpMarkDown, `${reference} ${name}`);
    });
  });
});

/** Valid values of inputs that the forms can hide. */
const FILLED: Readonly<Record<string, string>> = {
  probeHost: 'web.example.com',
  ipEchoUrls: 'https://address.example.com/',
  mode: 'exact',
};

const PLAINLY_WRONG: Readonly<Record<string, readonly string[]>> = {
  maxVms: ['many', '-1', '1,5'],
  days: ['7d', 'a week'],
  vmResourceId: ['web-01', 'web-01, web-02'],
  ports: ['22;23', '22/tcp', '0x16:1'],
  duration: ['1 week', '2w', 'forever', '1.5h'],
  sourceIp: ['2001:db8::1', '203.0.113.7;203.0.113.8', '203.0.113.7 or me'],
  waitTimeout: ['5 min', '1w', 'max'],
  policyName: ['/subscriptions/x', 'a/b', 'a?b'],
  ipEchoUrls: ['http://a.example', 'a.example'],
  probeHost: ['https://a.example', 'a.example:22', 'a/b'],
};
