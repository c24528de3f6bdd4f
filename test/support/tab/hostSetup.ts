/** What the page around a page of the extension is told. */
export interface HostSetup {
  /** The address of the extension's page. */
  readonly frame: string;
  /** The organization, as the location service gives it. */
  readonly home: string;
  readonly project: { readonly id: string; readonly name: string };
  readonly token: string;
  readonly contributionId: string;
  /** Absent: it is not the page of a run. Status 1 is a run that goes on, and 2 one that is over. */
  readonly build?: { readonly id: number; readonly status: 1 | 2 };
  readonly theme: Readonly<Record<string, string>>;
  /** A widget is loaded by itself, with this pipeline; absent: whoever shows it does that. */
  readonly pipelineId?: number;
}
