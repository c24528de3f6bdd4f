/** Who the connection signs in as. Nothing of it is secret. */
export interface SignIn {
  readonly kind: 'secret' | 'certificate' | 'federated' | 'managed';
  /** Absent for the identity of a machine, as the client is unless one of several is named. */
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
}
