/** Something that was done, and how to undo it. */
interface Done {
  readonly what: string;
  /** @throws Error if it is not undone. */
  readonly undo: () => Promise<void>;
}

/** The changes that a run must undo, the last one first. */
export interface UndoList {
  /** Must be called before the change. A change that was never made is undone too, and that must not be an error. */
  add(what: string, undo: () => Promise<void>): void;
  /** Undoes everything. @returns a sentence for each change that remains. */
  run(): Promise<readonly string[]>;
}

export function createUndoList(): UndoList {
  const done: Done[] = [];
  return {
    add: (what, undo) => void done.push({ what, undo }),
    async run() {
      const left: string[] = [];
      for (let one = done.pop(); one; one = done.pop()) {
        try {
          await one.undo();
        } catch (error) {
          left.push(`${one.what}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      return left;
    },
  };
}
