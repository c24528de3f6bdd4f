import type { ICruiseResult } from 'dependency-cruiser';
import { PARTS, partOf, type Part } from './parts';

/** An import of one of the product's own files, with paths relative to the repository. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** The imports of the product's files, and those that the table of parts does not allow. */
export interface Borders {
  readonly files: readonly string[];
  readonly imports: readonly Import[];
  /** One sentence for each import that is not allowed, each cycle, and each file outside every part. */
  readonly problems: readonly string[];
}

/** The folders with the product's files. */
const PRODUCT = ['tasks', 'web'] as const;
const isOurs = (file: string): boolean => PRODUCT.some((folder) => file.startsWith(`${folder}/`));

/** Reads all imports of the product, including type imports, and compares them with the table. */
export async function checkBorders(root: string): Promise<Borders> {
  // The package has only ES modules, which a CommonJS program loads in this way.
  const { cruise } = await import('dependency-cruiser');
  const { output } = await cruise([...PRODUCT], {
    baseDir: root,
    // Type imports count too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    validate: true,
    ruleSet: {
      forbidden: [{ name: 'no circle', severity: 'error', from: {}, to: { circular: true } }],
    },
  });
  if (typeof output === 'string') throw new Error(output);
  const modules = output.modules.filter(({ source }) => isOurs(source));
  const imports = modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved, dependencyTypes, module, couldNotResolve }) => ({
      ...{ from: source, to: resolved, module, couldNotResolve },
      isOfNode: dependencyTypes.includes('core'),
    })),
  );
  const problems = [
    ...modules.flatMap(({ source }) => (partOf(source) ? [] : [`${source} belongs to no part.`])),
    ...imports.flatMap((one) => refusal(one) ?? []),
    ...circles(output),
  ];
  return {
    files: modules.map(({ source }) => source).toSorted(),
    imports: imports.filter(({ to }) => isOurs(to)).map(({ from, to }) => ({ from, to })),
    problems: [...new Set(problems)].toSorted(),
  };
}

interface AnyImport extends Import {
  /** As written in the source. */
  readonly module: string;
  readonly isOfNode: boolean;
  readonly couldNotResolve: boolean;
}

/** Returns why an import is not allowed, or `undefined` if it is. */
function refusal({ from, to, module, isOfNode, couldNotResolve }: AnyImport): string | undefined {
  const own = partOf(from);
  if (!own) return undefined;
  if (isOfNode)
    return allows(own, 'node') ? undefined : `${from} imports ${module}: ${notAllowed(own.name, module)}`;
  if (isOurs(to)) {
    const other = partOf(to);
    if (!other || other === own || own.may.includes(other.name)) return undefined;
    return `${from} imports ${to}: ${notAllowed(own.name, other.name)}`;
  }
  if (!module.startsWith('.') && !couldNotResolve) {
    const name = module.split('/')[0] ?? module;
    return allows(own, name) ? undefined : `${from} imports ${module}: ${notAllowed(own.name, module)}`;
  }
  return `${from} imports ${module}, which is not a part of the product.`;
}

/** Says that a part imports what the table does not list for it: another part, a package, or a Node module. */
export const notAllowed = (part: string, what: string): string => `${part} is not allowed to import ${what}.`;

const allows = ({ packages = [] }: Part, name: string): boolean => packages.includes(name);

function circles({ summary }: ICruiseResult): readonly string[] {
  return summary.violations.flatMap(({ rule, from, cycle = [] }) =>
    rule.name === 'no circle'
      ? [`Circular import: ${[from, ...cycle.map(({ name }) => name)].join(' → ')}.`]
      : [],
  );
}

/** Returns the arrows that the table allows and no import uses. */
export function unusedArrows({ imports }: Borders): readonly string[] {
  const used = new Set(
    imports.map(({ from, to }) => `${partOf(from)?.name ?? ''} → ${partOf(to)?.name ?? ''}`),
  );
  return PARTS.flatMap(({ name, may }) => may.map((other) => `${name} → ${other}`)).filter(
    (arrow) => !used.has(arrow),
  );
}

/**
 * Returns the files in the shared folder that fewer than two of the tasks and the web pages import, directly or
 * indirectly.
 */
export function reachedByOneTask({ files, imports }: Borders): readonly string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const reach = (folder: string): Set<string> => {
    const found = new Set(files.filter((file) => file.startsWith(`${folder}/`)));
    for (const file of found) for (const to of next.get(file) ?? []) found.add(to);
    return found;
  };
  const tasks = files.map((file) => /^tasks\/\w+/.exec(file)?.[0] ?? '').filter((folder) => folder !== '');
  const users = [...new Set(tasks)].filter((folder) => folder !== 'tasks/shared');
  const reached = [...users, 'web'].map(reach);
  return files.filter(
    (file) => file.startsWith('tasks/shared/') && reached.filter((one) => one.has(file)).length < 2,
  );
}
