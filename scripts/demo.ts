import { createAgent } from '../test/support/agent/agent';
import { builtVsix } from '../test/support/agent/builtPackage';
import { wrap } from './demo/page';
import { play } from './demo/play';
import { SCENES } from './demo/scenes';

const OPENING =
  'The packaged task, started as an agent starts it, against a simulated Azure on this machine. Nothing is asked of the internet: each step also has ipEchoUrls, with address services of the simulation.';

/** `npm start`: shows what the packaged task does. Fails when a scene does not end as expected. */
async function main(): Promise<void> {
  console.log(`\n${wrap(OPENING).join('\n')}`);
  const agent = await createAgent({ vsix: builtVsix(), handler: 'Node20_1' });
  try {
    for (const scene of SCENES) {
      if (!(await play(scene, agent))) process.exitCode = 1;
    }
  } finally {
    await agent.dispose();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
