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
  const publishing = jobs.filter((one) => allCommands(one).includes('publishing/publish.ts'));

  describe(file, () => {
    it('calls only scripts in package.json', () => {
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
        'audit',
      ]) {
        assert.ok(called.includes(name), name);
      }
      for (const name of called) assert.ok(name === 'ci' || name in scripts, name);
    });

    it('tests on three systems, with both versions of Node', () => {
      const systems = ['ubuntu-latest', 'windows-latest', 'macos-latest'];
      assert.deepEqual(
        legs(job('test').matrix!).toSorted(),
        systems.flatMap((system) => [`${system} 20`, `${system} 24`]).toSorted(),
      );
      assert.match(allCommands(job('test')), /^npm test$/m);
    });

    it('publishes what was checked, tested, and packed: first privately, then publicly', () => {
      assert.deepEqual(
        publishing.map(({ name }) => name),
        ['private', 'public'],
      );
      for (const name of ['lint', 'test']) assert.ok(job('pack').after.includes(name), name);
      for (const name of ['lint', 'test', 'pack', 'rebuild'])
        assert.ok(job('private').after.includes(name), name);
      assert.ok(job('public').after.includes('private'));
      assert.match(allCommands(job('private')), /publish\.ts dist\/dev\/\*\.vsix --share-with/);
      assert.match(allCommands(job('public')), /publish\.ts dist\/\*\.vsix --public$/m);
      assert.doesNotMatch(allCommands(job('private')), /--public/);
    });

    it('installs only the packages of its own lockfile for publishing, without scripts, and runs nothing else', () => {
      for (const one of publishing) {
        const installs = one.steps.filter((step) =>
          /npm (?:ci|install)/.test(allCommands({ ...one, steps: [step] })),
        );
        assert.equal(installs.length, 1, one.name);
        assert.equal(allCommands({ ...one, steps: installs }), 'npm ci --ignore-scripts');
        const [install = {}] = installs;
        assert.equal(install['working-directory'] ?? install['workingDirectory'], 'publishing');
        assert.doesNotMatch(allCommands(one), /npm run|npx|tsx/);
      }
      for (const name of ['pack', 'rebuild'])
        assert.match(allCommands(job(name)), /^npm ci --ignore-scripts$/m);
    });

    it('compares the packages with a second build, by another Node, in a job without permissions', () => {
      const [first, second] = [allCommands(job('pack')), allCommands(job('rebuild'))];
      const packing = (text: string) => text.split('\n').filter((line) => line.startsWith('npm run package'));
      assert.deepEqual(packing(second), packing(first));
      assert.equal(packing(first).length, 2);
      // A tag cannot be packed as private. Other builds need no repository.
      assert.match(packing(first)[0] ?? '', /^npm run package -- \$(?:\(publicFlag\)|PUBLIC_FLAG) /);
      assert.match(read(file), /refs\/tags\/v'\) (?:\}\}:\n +publicFlag: --public|&& '--public' \|\| '')/);
      assert.match(second, /^diff --recursive packed dist$/m);
      assert.match(JSON.stringify(job('pack').steps), /"(?:node-)?version":"?20/);
      assert.match(JSON.stringify(job('rebuild').steps), /"(?:node-)?version":"?24/);
      assert.equal(job('rebuild').environment, undefined);
      assert.ok(job('rebuild').after.includes('pack'));
    });

    it('publishes the private channel with its own identity and publisher', () => {
      const identity = (name: string) =>
        /vars\.(\w+_CLIENT_ID)|"azureSubscription":"\$\((\w+)\)"/
          .exec(JSON.stringify(job(name).steps))
          ?.slice(1)
          .join('');
      assert.match(identity('private') ?? '', /private/i);
      assert.doesNotMatch(identity('public') ?? '', /private/i);
      assert.match(allCommands(job('pack')), /package:dev -- --publisher "\$\(?private_?publisher\)?"/i);
    });

    it('publishes only tags, checks the tag first, and requires an approval before the public release', () => {
      for (const one of jobs)
        assert.equal(one.onlyForTags, /^(?:attest|private|public|release)$/.test(one.name), one.name);
      assert.match(
        allCommands(job('pack')),
        /npm run release:check -- "\$(?:BUILD_SOURCEBRANCH|GITHUB_REF)"/,
      );
      assert.deepEqual(
        jobs.map(({ environment }) => environment).filter((environment) => environment !== undefined),
        ['marketplace-private', 'marketplace'],
      );
    });

    it('stores no secret: the token is created for the step, and neither stored nor printed', () => {
      assert.doesNotMatch(read(file), /secrets\.|setvariable|GITHUB_ENV|GITHUB_OUTPUT|echo|set -x|--token/);
      for (const one of publishing)
        assert.match(allCommands(one), /^MARKETPLACE_TOKEN=\$\(az account get-access-token/m);
      const others = jobs.filter((one) => !publishing.includes(one));
      for (const one of others) assert.doesNotMatch(allCommands(one), /\baz\b/);
    });
  });
}

describe('the Azure DevOps pipeline', () => {
  it('uses no Git value in a command, because a tag name can contain shell code', () => {
    for (const job of pipelineJobs()) assert.doesNotMatch(allCommands(job), /\$\(Build\./, job.name);
  });
});

describe('the GitHub workflow', () => {
  const workflow = parse(read('.github/workflows/build.yml')) as {
    permissions: unknown;
    jobs: Record<string, { permissions?: unknown; steps: Step[] }>;
  };

  it('has read permission only, and single jobs have the additional permission that they need', () => {
    const signIn = { contents: 'read', 'id-token': 'write' };
    const rights: Readonly<Record<string, object>> = {
      attest: { ...signIn, attestations: 'write' },
      private: signIn,
      public: signIn,
      release: { contents: 'write' },
    };
    assert.deepEqual(workflow.permissions, { contents: 'read' });
    for (const [name, { permissions }] of Object.entries(workflow.jobs))
      assert.deepEqual(permissions, rights[name], name);
  });

  it('attests what was built twice before it is published, and adds hashes and the SBOM to the release', () => {
    const job = (name: string) => workflowJobs().find((one) => one.name === name)!;
    assert.ok(job('attest').after.includes('rebuild') && job('private').after.includes('attest'));
    const [attest] = job('attest').steps.filter(({ uses }) =>
      String(uses).includes('attest-build-provenance'),
    );
    assert.deepEqual(attest?.['with'], { 'subject-path': 'dist/**/*.vsix' });
    assert.match(
      allCommands(job('release')),
      /gh release create .* dist\/\*\.vsix dist\/SHA256SUMS dist\/sbom\.cdx\.json/,
    );
    // A job with write permission runs nothing that was installed or checked out.
    for (const name of ['attest', 'release'])
      assert.doesNotMatch(JSON.stringify(job(name).steps), /npm|checkout|setup-node/);
  });

  it('pins actions by commit hash, and leaves no credential in the folder', () => {
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    const uses = steps.map((step) => step['uses']).filter((name) => typeof name === 'string');
    assert.ok(uses.length > 10);
    for (const name of uses) assert.match(name, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    for (const step of steps.filter(({ uses: name }) => String(name).startsWith('actions/checkout@'))) {
      assert.equal((step['with'] as Record<string, unknown>)['persist-credentials'], false);
    }
  });

  it('uses no event value in a command', () => {
    for (const job of workflowJobs()) assert.doesNotMatch(allCommands(job), /\$\{\{/, job.name);
  });
});
