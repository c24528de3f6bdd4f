import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bundle } from '../bundle';
import { bundledModules } from '../bundledPackages';
import { ROOT } from '../stage';
import { entryPoints, findTasks } from '../tasks';

/** The size of one program in the package, with all its files. */
export interface ProgramSize {
  /** Relative to the package: `tasks/JitOpenPorts/JitOpenPortsV1/index.js`. */
  readonly target: string;
  /** Unpacked. */
  readonly bytes: number;
  /** The number of files, of this project and of packages, that contribute at least one byte. */
  readonly modules: number;
}

/** Returns the sizes of all programs. Each one is bundled again to determine its files and modules. */
export async function programSizes(): Promise<readonly ProgramSize[]> {
  const entries = (await findTasks(ROOT)).flatMap(entryPoints);
  const workshop = mkdtempSync(path.join(os.tmpdir(), 'programs-'));
  try {
    return await Promise.all(
      entries.map(async (entry) => {
        const files = await bundle(ROOT, entry, workshop);
        const sizes = files.map(({ target }) => statSync(path.join(workshop, target)).size);
        const modules = new Set(files.flatMap(({ record }) => bundledModules(record)));
        return {
          target: entry.target,
          bytes: sizes.reduce((sum, size) => sum + size),
          modules: modules.size,
        };
      }),
    );
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}
