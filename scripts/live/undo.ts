/** Something that was done, and how to undo it. */
interface Done {
  readonly what: string;
  /** @throws when it is not undone. */
  readonly undo: () => Promise<void>;
}

/** What a run has to put back, the last thing first. */
export interface UndoList {
  /** To be called before the thing is done: what was never done is undone as well, and that must be no mistake. */
  add(what: string, undo: () => Promise<void>): void;
  /** Undoes everything. @returns a sentence for each thing that is left. */
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
