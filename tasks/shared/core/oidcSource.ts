/** Where Azure DevOps provides OIDC tokens for this job, and the job's own token to request them with. */
export interface OidcSource {
  /** Without a query. Absent if the agent does not provide it. Pipeline variables can change it. */
  readonly url: string | undefined;
  /** The URL of the agent's own connection to Azure DevOps, which pipeline variables cannot change. */
  readonly home: string;
  readonly jobToken: string | undefined;
}
