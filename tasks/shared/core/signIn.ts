/** The identity of the connection. Nothing in it is secret. */
export interface SignIn {
  readonly kind: 'secret' | 'certificate' | 'federated' | 'managed';
  /** Absent for managed identities. So is `clientId`, unless the connection names one of several identities. */
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
}
