/** Where a run speaks to its reader. Text comes from the messages modules, with foreign values made harmless. */
export interface Log {
  line(text: string): void;
  warning(text: string): void;
  /** Starts a foldable part; parts do not nest. */
  group(title: string): void;
  endGroup(): void;
  /** 0 to 100, with what is going on. */
  progress(percent: number, doing: string): void;
}
