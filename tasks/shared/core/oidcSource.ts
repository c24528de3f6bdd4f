/** Where Azure DevOps gives OIDC tokens for this job, and the job's own token to get them with. */
export interface OidcSource {
  /** Without a query; absent when the agent does not tell. Pipeline variables can change it. */
  readonly url: string | undefined;
  /** The URL of the agent's own connection to Azure DevOps, which they cannot change. */
  readonly home: string;
  readonly jobToken: string | undefined;
}
