import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bundle } from '../bundle';
import { bundledModules } from '../bundledPackages';
import { ROOT } from '../stage';
import { entryPoints, findTasks } from '../tasks';

/** How big one program of the package is. */
export interface ProgramSize {
  /** Relative to the package: `tasks/JitOpenPorts/JitOpenPortsV1/index.js`. */
  readonly target: string;
  /** Unpacked. */
  readonly bytes: number;
  /** The files of this project and of packages of which at least one byte is in it. */
  readonly modules: number;
}

/** The sizes of all programs in an unpacked package; each is bundled once more to learn of its modules. */
export async function programSizes(unpacked: string): Promise<readonly ProgramSize[]> {
  const entries = (await findTasks(ROOT)).flatMap(entryPoints);
  const workshop = mkdtempSync(path.join(os.tmpdir(), 'programs-'));
  try {
    return await Promise.all(
      entries.map(async (entry) => ({
        target: entry.target,
        bytes: statSync(path.join(unpacked, entry.target)).size,
        modules: bundledModules(await bundle(ROOT, entry, workshop)).length,
      })),
    );
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}
