import { writeFile } from 'node:fs/promises';
import { createAgent } from '../../../test/support/agent/agent';
import { builtVsix } from '../../../test/support/agent/builtPackage';
import type { Options } from '../options';
import { createScrubber } from '../scrub/scrubber';
import type { Cloud } from '../signIn';
import { record, USUAL_INPUTS } from './record';

/** The user and the place of the recording. */
export interface Place {
  readonly cloud: Cloud;
  /** The secrets that are known so far. */
  readonly secrets: readonly string[];
  readonly token: () => Promise<string>;
}

/** Shows what the recorded run will do, and with `--yes` runs it and writes the session. @returns the exit code */
export async function keepSession(
  { vm, port, inputs: given, yes }: Options,
  file: string,
  { cloud, secrets, token }: Place,
  log: (line: string) => void,
): Promise<number> {
  const inputs = { ...USUAL_INPUTS, vmResourceId: vm.id, ports: String(port), ...given };
  log('Runs JitOpenPorts with these inputs, and then its post-job step:');
  for (const [name, value] of Object.entries(inputs)) log(`  ${name}: ${value}`);
  log('The run requests access under the policy of the VM, as in a pipeline.');
  if (!yes) {
    log('\nNothing was done. Run again with --yes to start.');
    return 0;
  }
  const agent = await createAgent({ vsix: builtVsix(), handler: 'Node20_1' });
  try {
    await token();
    const { session, run } = await record({
      ...{ agent, inputs, token, armUrl: cloud.armUrl, audience: cloud.audience },
      ...{ subscriptionId: vm.subscriptionId, scrubber: createScrubber(secrets) },
    });
    await writeFile(file, `${JSON.stringify(session, undefined, 2)}\n`);
    log(`Result of the run: ${run.result}. Recorded ${String(session.calls.length)} calls in ${file}.`);
    return 0;
  } finally {
    await agent.dispose();
  }
}
