/** The log of a run. Its texts come from the messages modules, in which foreign values are already safe. */
export interface Log {
  line(text: string): void;
  warning(text: string): void;
  /** Starts a collapsible group. Groups do not nest. */
  group(title: string): void;
  endGroup(): void;
  /** Reports progress: 0 to 100, and the current activity. */
  progress(percent: number, doing: string): void;
}
