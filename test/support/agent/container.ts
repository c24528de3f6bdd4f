import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nodeFor } from './node';
import { toJobFolders, type JobFolders } from './predefined';
import type { ProcessCommand } from './taskProcess';
import type { Handler } from './taskDefinition';

/** A job in a container: it has only the folders that the agent mounts, and receives no signal. */
export interface ContainerOptions {
  /**
   * `played`: the job's folders are in another place, and nothing else of the agent exists, but the machine is visible.
   * `own`: a root file system with Node, its libraries, and the mounted folders, and another user. See `canHaveRoot`.
   */
  readonly root: 'played' | 'own';
  /** The Node of the image. Without it, the agent's own Node is mounted. */
  readonly node?: Handler;
}

/** The paths for a job in a container, and how to start a program there. */
export interface Container {
  readonly folders: JobFolders;
  /** The folders under the agent's own paths on its machine. None of them exists for the job. */
  readonly agentFolders: JobFolders;
  /** The environment from the image and `docker exec`. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Converts a path of the agent to the path in the job. Any other text is unchanged. (azure-pipelines-agent,
   * TranslateToContainerPath)
   */
  readonly translate: (value: string) => string;
  /** Converts a path in the job to the path on this machine. */
  readonly toMachine: (file: string) => string;
  /**
   * Returns the command that starts a program of a task, from its path in the task's folder and the working folder in
   * the job.
   */
  command(taskFolder: string, target: string, cwd: string, handler: Handler): ProcessCommand;
}

/**
 * Whether a test on this machine can have a root file system of its own. This requires Linux, `unshare`, and user
 * namespaces.
 */
export function canHaveRoot(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    execFileSync('unshare', [...OTHER_USER, '--root', '/', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The job's user is not the agent's user, but can write to the mounted folders. */
const OTHER_USER = ['--user', '--map-user=1001', '--map-group=1001'];

/** Creates the folders of a container in a folder of this machine. */
export function createContainer(root: string, { root: kind, node }: ContainerOptions): Container {
  const outside = path.join(root, 'container');
  const inside = kind === 'own' ? '' : outside;
  const agentFolders = toJobFolders(path.join(root, 'agent'));
  const work = path.join(outside, '__w');
  const folders: JobFolders = {
    root: outside,
    work,
    temp: path.join(work, '_temp'),
    sources: path.join(work, '1', 's'),
    home: path.join(outside, 'home', 'agent_azpcontainer'),
    machineTemp: path.join(outside, 'tmp'),
  };
  // The first match is used.
  const mappings = [
    [path.join(agentFolders.work, '_tool'), path.join(inside, '/__t')],
    [agentFolders.work, path.join(inside, '/__w')],
    [agentFolders.home, path.join(inside, '/__a')],
    [outside, inside],
  ] as const;
  const toMachine = (file: string): string => (file.startsWith(outside) ? file : path.join(outside, file));
  const translate = (value: string): string => {
    const found = mappings.find(([from]) => value === from || value.startsWith(`${from}${path.sep}`));
    return found === undefined ? value : found[1] + value.slice(found[0].length);
  };
  mkdirSync(path.join(outside, '__a', 'externals'), { recursive: true });
  mkdirSync(path.join(outside, '__t'));
  mkdirSync(work);
  writeFileSync(path.join(work, '.taskkey'), '');
  if (kind === 'own') writeNetworkFiles(outside);
  return {
    folders,
    agentFolders,
    environment: environmentOf(kind, folders, translate),
    translate,
    toMachine: kind === 'own' ? toMachine : (file) => file,
    command(taskFolder, target, cwd, handler) {
      const mounted = path.join(work, '_tasks', path.basename(taskFolder));
      if (!existsSync(mounted)) cpSync(taskFolder, mounted, { recursive: true });
      const script = translate(path.join(mounted, target));
      const machineNode = nodeFor(node ?? handler);
      if (kind === 'played') return { program: machineNode, args: [script], cwd };
      const program = translate(installNode(machineNode, outside, node === undefined));
      const args = [...OTHER_USER, '--root', outside, '--wd', cwd, program, script];
      return { program: 'unshare', args, cwd: outside };
    },
  };
}

function environmentOf(
  kind: ContainerOptions['root'],
  { home, machineTemp }: JobFolders,
  translate: Container['translate'],
): Record<string, string> {
  if (kind === 'own') return { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: translate(home) };
  // The machine's own folder for temporary files is visible, but no test is allowed to write to it.
  return { HOME: home, TMP: machineTemp, TEMP: machineTemp, TMPDIR: machineTemp };
}

/** Writes the files that Docker writes into every container. */
function writeNetworkFiles(root: string): void {
  mkdirSync(path.join(root, 'etc'));
  writeFileSync(path.join(root, 'etc', 'hosts'), '127.0.0.1 localhost\n::1 localhost\n');
  writeFileSync(path.join(root, 'etc', 'resolv.conf'), '');
}

/**
 * Copies Node to the path where the agent mounts its own or where an image has it, and the required libraries to the
 * paths where Node looks for them.
 */
function installNode(node: string, root: string, isAgents: boolean): string {
  const place = isAgents ? '__a/externals/node20_1/bin/node' : 'usr/local/bin/node';
  const installed = path.join(root, place);
  if (existsSync(installed)) return installed;
  const libraries = execFileSync('ldd', [node], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  const files = libraries.map((library) => [library, path.join(root, library)] as const);
  for (const [from, to] of [[node, installed] as const, ...files]) {
    mkdirSync(path.dirname(to), { recursive: true });
    copyFileSync(from, to);
  }
  return installed;
}
