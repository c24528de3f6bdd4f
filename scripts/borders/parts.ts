/** A part of the product: a folder, or single files directly in a folder. */
export interface Part {
  /** The name in the diagram in docs/architecture.md. */
  readonly name: string;
  /** Relative to the repository. Its subfolders belong to the part, unless `files` names single files. */
  readonly folder: string;
  /**
   * The names of files directly in the folder that belong to this part. Without it, the part is everything in the
   * folder and below.
   */
  readonly files?: RegExp;
  /** The parts that it is allowed to import. */
  readonly may: readonly string[];
  /** Other allowed imports: packages, and `node` for the modules of Node. */
  readonly packages?: readonly string[];
}

const OPEN = 'tasks/JitOpenPorts/JitOpenPortsV1/src';
const CONFIGURE = 'tasks/JitConfigurePolicy/JitConfigurePolicyV1/src';
const REPORT = 'tasks/JitReport/JitReportV1/src';

const AZURE_PACKAGES = ['@azure'];
const HOST_PACKAGES = ['node', 'azure-pipelines-task-lib', 'https-proxy-agent'];
const WEB_PACKAGES = ['azure-devops-extension-sdk'];
/** The files directly in a task's folder assemble the task. */
const OWN_FILES = /^(?!context\.ts$)[^/]+\.ts$/;
const CONTEXT = /^context\.ts$/;

/**
 * Every part with its allowed arrows. Anything else is rejected. Arrows within a part are allowed, and cycles never
 * are.
 */
export const PARTS: readonly Part[] = [
  { name: 'core', folder: 'tasks/shared/core', may: [] },
  { name: 'messages', folder: 'tasks/shared/messages', may: ['core'] },
  { name: 'azure', folder: 'tasks/shared/azure', may: ['core', 'messages'], packages: AZURE_PACKAGES },
  { name: 'host', folder: 'tasks/shared/host', may: ['core', 'messages'], packages: HOST_PACKAGES },
  { name: 'view', folder: 'tasks/shared/view', may: ['core'] },
  { name: 'document', folder: 'tasks/shared/document', may: ['core', 'view'] },
  { name: 'task', folder: 'tasks/shared/task', may: ['core', 'messages', 'azure', 'host', 'document'] },

  { name: 'open ports: plan', folder: `${OPEN}/plan`, may: ['core'] },
  { name: 'open ports: messages', folder: `${OPEN}/messages`, may: ['core', 'messages', 'open ports: plan'] },
  {
    name: 'open ports: azure',
    folder: `${OPEN}/azure`,
    may: ['core', 'messages', 'azure', 'open ports: plan'],
    packages: AZURE_PACKAGES,
  },
  {
    name: 'open ports: host',
    folder: `${OPEN}/host`,
    may: ['core', 'messages', 'host', 'open ports: plan', 'open ports: messages'],
    packages: HOST_PACKAGES,
  },
  {
    name: 'open ports: context',
    folder: OPEN,
    files: CONTEXT,
    may: ['core', 'azure', 'open ports: azure', 'open ports: host'],
  },
  {
    name: 'open ports: open',
    folder: `${OPEN}/open`,
    may: [
      ...['core', 'messages', 'open ports: plan', 'open ports: messages'],
      ...['open ports: azure', 'open ports: context'],
    ],
  },
  {
    name: 'open ports: close',
    folder: `${OPEN}/close`,
    may: [
      ...['core', 'open ports: plan', 'open ports: messages'],
      ...['open ports: azure', 'open ports: context', 'open ports: open'],
    ],
  },
  {
    name: 'open ports: dry run',
    folder: `${OPEN}/dryRun`,
    may: [
      ...['core', 'messages', 'host', 'task', 'open ports: plan', 'open ports: messages'],
      ...['open ports: context', 'open ports: open'],
    ],
  },
  {
    name: 'open ports',
    folder: OPEN,
    files: OWN_FILES,
    may: [
      ...['core', 'messages', 'azure', 'host', 'task', 'document', 'open ports: plan'],
      ...[
        'open ports: messages',
        'open ports: azure',
        'open ports: host',
        'open ports: context',
        'open ports: open',
      ],
      ...['open ports: close', 'open ports: dry run'],
    ],
  },

  { name: 'configure policy: plan', folder: `${CONFIGURE}/plan`, may: ['core'] },
  {
    name: 'configure policy: messages',
    folder: `${CONFIGURE}/messages`,
    may: ['core', 'messages', 'configure policy: plan'],
  },
  {
    name: 'configure policy: azure',
    folder: `${CONFIGURE}/azure`,
    may: ['core', 'messages', 'azure', 'configure policy: messages'],
    packages: AZURE_PACKAGES,
  },
  {
    name: 'configure policy: context',
    folder: CONFIGURE,
    files: CONTEXT,
    may: ['core', 'azure', 'configure policy: azure'],
  },
  {
    name: 'configure policy: find',
    folder: `${CONFIGURE}/find`,
    may: [
      ...['core', 'messages', 'configure policy: plan', 'configure policy: messages'],
      ...['configure policy: context'],
    ],
  },
  {
    name: 'configure policy: protection',
    folder: `${CONFIGURE}/protection`,
    may: [
      ...['core', 'configure policy: plan', 'configure policy: messages'],
      ...['configure policy: azure', 'configure policy: context'],
    ],
  },
  {
    name: 'configure policy: write',
    folder: `${CONFIGURE}/write`,
    may: [
      ...['core', 'messages', 'task', 'configure policy: plan', 'configure policy: messages'],
      ...['configure policy: azure', 'configure policy: context'],
    ],
  },
  {
    name: 'configure policy',
    folder: CONFIGURE,
    files: OWN_FILES,
    may: [
      ...['core', 'messages', 'azure', 'host', 'task', 'document', 'configure policy: plan'],
      ...['configure policy: messages', 'configure policy: azure', 'configure policy: context'],
      ...['configure policy: find', 'configure policy: protection', 'configure policy: write'],
    ],
  },

  { name: 'report: model', folder: `${REPORT}/model`, may: ['core'] },
  { name: 'report: messages', folder: `${REPORT}/messages`, may: ['core', 'messages', 'view'] },
  {
    name: 'report: judge',
    folder: `${REPORT}/judge`,
    may: ['core', 'view', 'report: model', 'report: messages'],
  },
  {
    name: 'report: azure',
    folder: `${REPORT}/azure`,
    may: ['core', 'azure', 'report: model'],
  },
  {
    name: 'report: host',
    folder: `${REPORT}/host`,
    may: ['core', 'host', 'report: messages'],
    packages: HOST_PACKAGES,
  },
  {
    name: 'report: gather',
    folder: `${REPORT}/gather`,
    may: ['core', 'messages', 'azure', 'view', 'report: judge', 'report: messages', 'report: azure'],
  },
  {
    name: 'report: pages',
    folder: `${REPORT}/pages`,
    may: ['core', 'view'],
  },
  {
    name: 'report',
    folder: REPORT,
    files: OWN_FILES,
    may: [
      ...['core', 'azure', 'host', 'task', 'view', 'report: model', 'report: judge', 'report: messages'],
      ...['report: azure', 'report: host', 'report: gather', 'report: pages'],
    ],
  },

  { name: 'web: messages', folder: 'web/messages', may: ['web: read'] },
  { name: 'web: read', folder: 'web/read', may: ['core', 'view', 'document'] },
  {
    name: 'web: page',
    folder: 'web/page',
    may: ['core', 'messages', 'view', 'document', 'web: read', 'web: messages'],
  },
  { name: 'web: host', folder: 'web/host', may: ['web: messages'], packages: WEB_PACKAGES },
  {
    name: 'web',
    folder: 'web',
    files: OWN_FILES,
    may: ['core', 'view', 'document', 'web: messages', 'web: read', 'web: page', 'web: host'],
  },
];

/** Returns the part of a file, which is a path in the repository, or `undefined` for a file outside every part. */
export const partOf = (file: string): Part | undefined =>
  PARTS.find(
    ({ folder, files }) =>
      file.startsWith(`${folder}/`) && (!files || files.test(file.slice(folder.length + 1))),
  );
