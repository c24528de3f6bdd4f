import { createAgent } from '../test/support/agent/agent';
import { builtVsix } from '../test/support/agent/builtPackage';
import { wrap } from './demo/page';
import { play, type Agents } from './demo/play';
import { SCENES, TASKS, type TaskName } from './demo/scenes';

const OPENING =
  'The packaged tasks, started as an agent starts them, against a simulated Azure on this machine. Nothing is sent to the internet: each step of JitOpenPorts also has ipEchoUrls, with address services of the simulation. Log lines about the simulated hosts and their certificates are left out.';

/** `npm start`: shows what the packaged tasks do. It fails if a scene does not end as expected. */
async function main(): Promise<void> {
  console.log(`\n${wrap(OPENING).join('\n')}`);
  const start = async (name: TaskName) =>
    [
      name,
      await createAgent({ vsix: builtVsix(), handler: 'Node20_1', task: `tasks/${name}/${name}V1` }),
    ] as const;
  const agents = Object.fromEntries(await Promise.all(TASKS.map(start))) as Agents;
  try {
    for (const scene of SCENES) {
      if (!(await play(scene, agents))) process.exitCode = 1;
    }
  } finally {
    await Promise.all(Object.values(agents).map((agent) => agent.dispose()));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
