import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nodeFor } from './node';
import { toJobFolders, type JobFolders } from './predefined';
import type { ProcessCommand } from './taskProcess';
import type { Handler } from './taskDefinition';

/** A job in a container: nothing is there but the folders that the agent mounts, and no signal arrives. */
export interface ContainerOptions {
  /**
   * `played`: the job's folders lie elsewhere and nothing else of the agent is there; the machine can be seen.
   * `own`: a root file system with Node, its libraries and the mounted folders, and another user. See `canHaveRoot`.
   */
  readonly root: 'played' | 'own';
  /** The Node that the image brings; without it the agent's own is mounted. */
  readonly node?: Handler;
}

/** Where things are for a job in a container, and how a program is started there. */
export interface Container {
  readonly folders: JobFolders;
  /** The folders as the agent names them, on its own machine. None of them is there for the job. */
  readonly agentFolders: JobFolders;
  /** What the image and `docker exec` put into an environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** A path of the agent as the job sees it; any other text stays. (azure-pipelines-agent, TranslateToContainerPath) */
  readonly translate: (value: string) => string;
  /** A path of the job as this machine sees it. */
  readonly toMachine: (file: string) => string;
  /** How a program of a task is started: its path below the task's folder, and the working folder as the job sees it. */
  command(taskFolder: string, target: string, cwd: string, handler: Handler): ProcessCommand;
}

/** Whether this machine lets a test have a root file system: Linux, with `unshare` and namespaces of users. */
export function canHaveRoot(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    execFileSync('unshare', [...OTHER_USER, '--root', '/', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The job's user is not the agent's, but may write to what is mounted. */
const OTHER_USER = ['--user', '--map-user=1001', '--map-group=1001'];

/** Makes the folders of a container below a folder of this machine. */
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
  // The first that fits is taken.
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
  // The machine's own folder for temporary files can be seen, and no test may write there.
  return { HOME: home, TMP: machineTemp, TEMP: machineTemp, TMPDIR: machineTemp };
}

/** What Docker writes into every container. */
function writeNetworkFiles(root: string): void {
  mkdirSync(path.join(root, 'etc'));
  writeFileSync(path.join(root, 'etc', 'hosts'), '127.0.0.1 localhost\n::1 localhost\n');
  writeFileSync(path.join(root, 'etc', 'resolv.conf'), '');
}

/** Puts Node where the agent mounts its own or where an image has it, and the libraries that it names where it looks. */
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
