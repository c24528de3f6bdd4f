import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { allCommands, pipelineJobs, read, workflowJobs } from './pipelineJobs';
import type { Job, Step } from './pipelineJobs';

const PIPELINES = {
  'azure-pipelines.yml': {
    jobs: pipelineJobs(),
    legs: (matrix: Readonly<Record<string, unknown>>): string[] =>
      Object.values(matrix).map((leg) => {
        const { image, node } = leg as { image: string; node: string };
        return `${image} ${node}`.toLowerCase().replace('.x', '');
      }),
  },
  '.github/workflows/build.yml': {
    jobs: workflowJobs(),
    legs: (matrix: Readonly<Record<string, unknown>>): string[] => {
      const { os, node } = matrix as { os: string[]; node: number[] };
      return os.flatMap((image) => node.map((version) => `${image} ${version}`));
    },
  },
};

for (const [file, { jobs, legs }] of Object.entries(PIPELINES)) {
  const job = (name: string): Job => jobs.find((one) => one.name === name)!;
  const publishing = jobs.filter((one) => /npm run release(?!:)/.test(allCommands(one)));

  describe(file, () => {
    it('calls scripts that package.json has', () => {
      const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
      const called = jobs.flatMap((one) =>
        [...allCommands(one).matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name = '']) => name),
      );
      for (const name of [
        'ci',
        'test',
        'lint',
        'format:check',
        'package',
        'package:dev',
        'release:check',
        'release',
      ]) {
        assert.ok(called.includes(name), name);
      }
      for (const name of called) assert.ok(name === 'ci' || name in scripts, name);
    });

    it('tests on three systems, with both Nodes', () => {
      const systems = ['ubuntu-latest', 'windows-latest', 'macos-latest'];
      assert.deepEqual(
        legs(job('test').matrix!).toSorted(),
        systems.flatMap((system) => [`${system} 20`, `${system} 24`]).toSorted(),
      );
      assert.match(allCommands(job('test')), /^npm test$/m);
    });

    it('publishes what is checked, tested and packed: privately first, then to everybody', () => {
      assert.deepEqual(
        publishing.map(({ name }) => name),
        ['private', 'public'],
      );
      for (const name of ['lint', 'test']) assert.ok(job('pack').after.includes(name), name);
      for (const name of ['lint', 'test', 'pack']) assert.ok(job('private').after.includes(name), name);
      assert.ok(job('public').after.includes('private'));
      assert.match(allCommands(job('private')), /npm run release -- --dev --share-with/);
      assert.doesNotMatch(allCommands(job('public')), /--dev/);
      for (const one of publishing) assert.doesNotMatch(allCommands(one), /npm run package/);
    });

    it('publishes tags only, checks the tag before, and asks somebody before everybody gets it', () => {
      for (const one of jobs) assert.equal(one.onlyForTags, publishing.includes(one), one.name);
      assert.match(
        allCommands(job('pack')),
        /npm run release:check -- "\$(?:BUILD_SOURCEBRANCH|GITHUB_REF)"/,
      );
      assert.deepEqual(
        jobs.map(({ environment }) => environment).filter((environment) => environment !== undefined),
        ['marketplace-private', 'marketplace'],
      );
    });

    it('keeps no secret: the token is made for the step, and neither stored nor printed', () => {
      assert.doesNotMatch(read(file), /secrets\.|setvariable|GITHUB_ENV|GITHUB_OUTPUT|echo|set -x|--token/);
      for (const one of publishing)
        assert.match(allCommands(one), /^MARKETPLACE_TOKEN=\$\(az account get-access-token/m);
      const others = jobs.filter((one) => !publishing.includes(one));
      for (const one of others) assert.doesNotMatch(allCommands(one), /\baz\b/);
    });
  });
}

describe('the pipeline of Azure DevOps', () => {
  it("puts nothing of Git into a command: a tag's name may hold what a shell runs", () => {
    for (const job of pipelineJobs()) assert.doesNotMatch(allCommands(job), /\$\(Build\./, job.name);
  });
});

describe('the workflow of GitHub', () => {
  const workflow = parse(read('.github/workflows/build.yml')) as {
    permissions: unknown;
    jobs: Record<string, { permissions?: unknown; steps: Step[] }>;
  };

  it('may read, and jobs that publish may sign in', () => {
    assert.deepEqual(workflow.permissions, { contents: 'read' });
    for (const [name, { permissions }] of Object.entries(workflow.jobs)) {
      const publishes = name === 'private' || name === 'public';
      assert.deepEqual(permissions, publishes ? { contents: 'read', 'id-token': 'write' } : undefined, name);
    }
  });

  it('runs actions by the hash of their commit, and leaves no credential in the folder', () => {
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    const uses = steps.map((step) => step['uses']).filter((name) => typeof name === 'string');
    assert.ok(uses.length > 10);
    for (const name of uses) assert.match(name, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    for (const step of steps.filter(({ uses: name }) => String(name).startsWith('actions/checkout@'))) {
      assert.equal((step['with'] as Record<string, unknown>)['persist-credentials'], false);
    }
  });

  it('puts nothing of an event into a command', () => {
    for (const job of workflowJobs()) assert.doesNotMatch(allCommands(job), /\$\{\{/, job.name);
  });
});
