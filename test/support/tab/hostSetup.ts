/** The setup of the host page around a page of the extension. */
export interface HostSetup {
  /** The URL of the extension's page. */
  readonly frame: string;
  /** The organization, as returned by the location service. */
  readonly home: string;
  readonly project: { readonly id: string; readonly name: string };
  readonly token: string;
  readonly contributionId: string;
  /** Absent if it is not the page of a run. Status 1 is a run in progress, and 2 a completed one. */
  readonly build?: { readonly id: number; readonly status: 1 | 2 };
  readonly theme: Readonly<Record<string, string>>;
  /** The pipeline with which a widget is loaded automatically. If absent, the test loads it. */
  readonly pipelineId?: number;
}
