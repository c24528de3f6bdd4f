import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export const ROOT = path.resolve(__dirname, '../..');
export const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

export type Step = Readonly<Record<string, unknown>>;
/** A job of either service. */
export interface Job {
  readonly name: string;
  readonly steps: readonly Step[];
  /** All jobs that must succeed before this one, directly or indirectly. */
  readonly after: readonly string[];
  readonly environment?: string | undefined;
  readonly matrix?: Readonly<Record<string, unknown>> | undefined;
  readonly onlyForTags: boolean;
}

/** Returns the jobs of the GitHub workflow, in the order of the file. */
export function workflowJobs(): Job[] {
  const { jobs } = parse(read('.github/workflows/build.yml')) as {
    jobs: Record<string, Record<string, unknown>>;
  };
  const needs = (name: string): string[] => {
    const direct = (jobs[name]?.['needs'] ?? []) as string[];
    return direct.flatMap((one) => [one, ...needs(one)]);
  };
  return Object.entries(jobs).map(([name, job]) => ({
    name,
    steps: job['steps'] as Step[],
    after: needs(name),
    environment: job['environment'] as string | undefined,
    matrix: (job['strategy'] as { matrix?: Record<string, unknown> } | undefined)?.matrix,
    onlyForTags: job['if'] === "startsWith(github.ref, 'refs/tags/v')",
  }));
}

const FOR_TAGS = "${{ if startsWith(variables['Build.SourceBranch'], 'refs/tags/v') }}";

/** Returns the jobs of the Azure DevOps pipeline. Jobs that are only inserted for tags are included and marked. */
export function pipelineJobs(): Job[] {
  const { stages } = parse(read('azure-pipelines.yml')) as { stages: Record<string, unknown>[] };
  const flat = stages.flatMap((stage) =>
    FOR_TAGS in stage
      ? (stage[FOR_TAGS] as Record<string, unknown>[]).map((inner) => ({ stage: inner, onlyForTags: true }))
      : [{ stage, onlyForTags: false }],
  );
  const jobsOf = (name: unknown): string[] =>
    flat
      .filter(({ stage }) => stage['stage'] === name)
      .flatMap(({ stage }) =>
        (stage['jobs'] as Record<string, string>[]).map((job) => (job['job'] ?? job['deployment'])!),
      );
  const before = (name: unknown): string[] => {
    const direct = flat.find(({ stage }) => stage['stage'] === name)?.stage['dependsOn'];
    return direct === undefined ? [] : [...jobsOf(direct), ...before(direct)];
  };
  return flat.flatMap(({ stage, onlyForTags }) =>
    (stage['jobs'] as Record<string, unknown>[]).map((job) => {
      const strategy = (job['strategy'] ?? {}) as {
        matrix?: Record<string, unknown>;
        runOnce?: { deploy: { steps: Step[] } };
      };
      const steps = (job['steps'] ?? strategy.runOnce?.deploy.steps ?? []) as Step[];
      return {
        name: String(job['job'] ?? job['deployment']),
        steps: steps.flatMap((step) => (FOR_TAGS in step ? (step[FOR_TAGS] as Step[]) : [step])),
        after: before(stage['stage']),
        environment: job['environment'] as string | undefined,
        matrix: strategy.matrix,
        onlyForTags,
      };
    }),
  );
}

/** The shell commands of a step in either service. */
const commands = (step: Step): string =>
  [step['run'], step['script'], (step['inputs'] as Record<string, unknown> | undefined)?.['inlineScript']]
    .filter((text) => typeof text === 'string')
    .join('\n');
/** Returns the shell commands of a job, one per line. */
export const allCommands = (job: Job): string => job.steps.map(commands).join('\n');
