import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createAgent } from './agent';
import type { Agent } from './agent';

const DEFINITION = {
  name: 'Toy',
  inputs: [
    {
      name: 'connectedServiceName',
      aliases: ['azureSubscription'],
      type: 'connectedService:AzureRM',
      label: '',
    },
    { name: 'colour', aliases: ['color'], type: 'string', label: '', defaultValue: 'blue' },
  ],
  outputVariables: [{ name: 'shade', description: '' }],
  execution: { Node20_1: { target: 'index.js' }, Node24: { target: 'index.js' } },
  restrictions: { settableVariables: { allowed: ['shade', 'toy*'] } },
};

const POST_JOB = {
  Node20_1: { target: 'post.js', workingDirectory: '$(Agent.TempDirectory)' },
};

/**
 * Creates an agent with a task that is generated for the test, to test the agent itself.
 *
 * @param main - JavaScript of the main step. `say(text)` writes a line.
 * @param post - JavaScript of the post-job step. Without it, the task has none.
 */
export async function createToyAgent(main: string, post?: string): Promise<Agent> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'toy-'));
  const task = path.join(folder, 'tasks/Toy/ToyV1');
  await mkdir(task, { recursive: true });
  const definition = post === undefined ? DEFINITION : { ...DEFINITION, postjobexecution: POST_JOB };
  await writeFile(path.join(task, 'task.json'), JSON.stringify(definition));
  await writeFile(path.join(task, 'index.js'), toScript(main));
  if (post !== undefined) await writeFile(path.join(task, 'post.js'), toScript(post));
  const agent = await createAgent({ vsix: folder, handler: 'Node20_1', task: 'tasks/Toy/ToyV1' });
  return {
    ...agent,
    dispose: async () => {
      await agent.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function toScript(code: string): string {
  return `const say = (text) => process.stdout.write(text + '\\n');\n${code}\n`;
}

/**
 * Returns a function that creates toy agents, and removes each of them after its test. Must be called at the top level
 * of a file.
 */
export function useToyAgents(): typeof createToyAgent {
  const agents: Agent[] = [];
  afterEach(async () => {
    await Promise.all(agents.splice(0).map((agent) => agent.dispose()));
  });
  return async (main, post) => {
    const agent = await createToyAgent(main, post);
    agents.push(agent);
    return agent;
  };
}
