import { writeFile } from 'node:fs/promises';
import type { Arm } from '../../tasks/shared/azure/arm';
import { createRightsGateway } from '../../tasks/shared/azure/rightsGateway';
import { RefusedError } from '../../tasks/shared/core/errors';
import { withLimit, type Clock } from '../../tasks/shared/core/limits';
import type { Permission } from '../../tasks/shared/core/permissions';
import { groupIdOf, toPolicyId } from '../../tasks/shared/core/resourceIds';
import { createNetworkGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import { createCaller } from './azure';
import { EXPERIMENTS } from './experiments';
import { findLeftovers, removeRules } from './leftovers';
import type { Options } from './options';
import { formatPlan, obstacles, type Plan } from './plan';
import { deletePolicy, POLICY_NAME } from './policy';
import { toFindingsFile, toReport } from './report';
import { runKit, type KitResult } from './run';
import { createScrubber } from './scrub/scrubber';
import { cloudOf, meansOf, signIn } from './signIn';
import { keepSession } from './record/keepSession';
import { readTarget } from './target';

/** The inputs of the kit from the process. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Ends the experiments. The changes are still undone. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** @returns the exit code: 0 if everything was restored */
export async function live(options: Options, surroundings: Surroundings): Promise<number> {
  const { env, clock, signal, log } = surroundings;
  const secrets: string[] = [];
  const cloud = cloudOf(options.cloud, definedOf(options));
  const connect = (prefix?: string) =>
    signIn({
      ...{ cloud, clock, signal, log },
      means: meansOf(env, prefix === undefined && options.managedIdentity, prefix),
      onSecret: (secret) => void secrets.push(secret),
    });
  const { arm, tokens } = connect();
  const second = env['JIT_SECOND_CLIENT_ID'] === undefined ? undefined : connect('JIT_SECOND').arm;
  const { vm, port, only, networkWatcherId, outsidePlan } = options;
  if (options.record !== undefined) {
    const place = { cloud, secrets, token: () => tokens.get(signal) };
    return keepSession(options, options.record, place, log);
  }
  if (options.cleanUp) return cleanUp(options, arm, surroundings);
  const plan: Plan = {
    ...{ vm, port, permissions: await readPermissions(arm, options, surroundings) },
    experiments: EXPERIMENTS.filter(({ fact }) => only?.includes(fact) ?? true),
  };
  for (const line of formatPlan(plan)) log(line);
  const stops = obstacles(plan);
  for (const stop of stops) log(stop);
  if (stops.length > 0) return 1;
  if (!options.yes) {
    log('\nNothing was done. Run again with --yes to start.');
    return 0;
  }
  log('');
  const result = await runKit({
    ...{ vm, port, arm, networkWatcherId, outsidePlan, machine: clock, clock, signal, log },
    ...(second && { second }),
    ...(only && { only }),
  });
  await write(result, options, secrets);
  log(`\nWritten: ${options.report} and ${options.findings}.`);
  for (const one of result.left) log(`Not restored: ${one}`);
  return result.left.length === 0 ? 0 : 1;
}

const definedOf = ({ armUrl, authorityUrl, audience }: Options) => ({
  ...(armUrl !== undefined && { armUrl }),
  ...(authorityUrl !== undefined && { authorityUrl }),
  ...(audience !== undefined && { audience }),
});

/**
 * Returns the permissions of the identity for the VM's group, or `undefined` if they cannot be read. Throws if no call
 * is possible at all.
 */
async function readPermissions(
  arm: Arm,
  { vm }: Options,
  { clock, signal }: Surroundings,
): Promise<readonly Permission[] | undefined> {
  try {
    return await withLimit(clock, signal, 60_000, (limit) =>
      createRightsGateway(arm).list(groupIdOf(vm.id), limit),
    );
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}

async function write(result: KitResult, options: Options, secrets: readonly string[]): Promise<void> {
  const scrubber = createScrubber(secrets);
  // Names are learned from IDs. Otherwise a text before an ID would keep them.
  for (const { exchanges } of result.findings)
    for (const { path, body, answer } of exchanges) {
      scrubber.path(path.split('?')[0] ?? '');
      scrubber.json(body ?? {});
      scrubber.json(answer.body);
    }
  scrubber.path(options.vm.id);
  await writeFile(options.report, toReport(result, scrubber));
  await writeFile(options.findings, toFindingsFile(result, scrubber));
}

async function cleanUp(options: Options, arm: Arm, { clock, signal, log }: Surroundings): Promise<number> {
  const network = createNetworkGateway(arm);
  const { vm, networkWatcherId, outsidePlan } = options;
  const target = await readTarget(vm, { networkWatcherId, outsidePlan }, arm, network, clock, signal);
  const caller = createCaller(arm, clock, signal, () => undefined);
  const id = (name: string): string => toPolicyId(vm.subscriptionId, vm.resourceGroup, target.location, name);
  for (const name of [POLICY_NAME, `${POLICY_NAME}-plan`]) await deletePolicy(caller, id(name), clock);
  await removeRules(target, network, clock, clock, signal);
  const left = await findLeftovers(target, network, clock, signal);
  for (const one of left) log(one);
  if (left.length === 0) log('Nothing of the kit remains.');
  return left.length === 0 ? 0 : 1;
}
