import { azureWords, callOf, inSentence, listText, responderOf, say } from '../core/text';
import { failure, PauseTooLongError, type CodedError } from '../core/errors';

/** One wrong input: its name and what is wrong with it. */
export interface InputMistake {
  readonly input: string;
  readonly problem: string;
}

export const wrongInputs = (mistakes: readonly InputMistake[]): CodedError =>
  failure(
    'JIT101',
    mistakes
      .map(
        ({ input, problem }, index) =>
          (mistakes.length > 1 ? `(${String(index + 1)}) ` : '') + say`${input}: ` + problem,
      )
      .join(' '),
    mistakes.length === 1
      ? 'Correct this input. Nothing was sent to Azure.'
      : 'Correct these inputs. Nothing was sent to Azure.',
  );

export const connectionIncomplete = (name: string, missing: readonly string[]): CodedError =>
  failure(
    'JIT201',
    say`The service connection ${name} is incomplete. Missing: ${listText(missing)}.`,
    'In Azure DevOps, go to Project settings > Service connections, open the connection, and save it again, or create one of type Azure Resource Manager.',
  );

export const connectionWithoutToken = (name: string, scheme: string): CodedError =>
  failure(
    'JIT201',
    say`The service connection ${name} uses the scheme ${scheme}, which provides no token for Azure Resource Manager.`,
    'Use a connection of type Azure Resource Manager with workload identity federation, a service principal, or a managed identity.',
  );

/** What is wrong with a sign-in, as far as Entra's error number shows it. */
export type SignInFault =
  | ('secretExpired' | 'secretWrong' | 'noApplication')
  | ('noCredential' | 'credential' | 'issuer' | 'subject' | 'subjectCase' | 'restricted');

/** Where Azure DevOps shows what the federated credential must contain. */
const IN_AZURE_DEVOPS =
  'In Azure DevOps, go to Project settings > Service connections, select the connection, and select Edit to see its issuer and subject identifier.';
/** Where an administrator finds the federated credential. */
const IN_ENTRA =
  'the federated credential of its identity (app registration: Certificates & secrets > Federated credentials; managed identity: Settings > Federated credentials)';
/** What Azure DevOps does not keep up to date. */
const MANUALLY =
  'Azure DevOps does not update an identity that was created manually, such as your own app registration.';
const AFTER_RENAME =
  'With the older issuer https://vstoken.dev.azure.com, the subject contains the names of the organization, the project, and the connection, so renaming one of them changes it.';
const AFTER_CONVERSION =
  'Issuer and subject differ if a conversion of the connection was not completed. The older issuer https://vstoken.dev.azure.com is retired on July 1, 2027 in the public cloud, for connections that use a single-tenant application or a managed identity. In the public cloud, new connections have an issuer that begins with https://login.microsoftonline.com/.';
const SIGN_IN_REMEDIES: Readonly<Record<SignInFault, string>> = {
  secretExpired:
    'Convert the service connection to workload identity federation, which needs no secret, or save a new secret in it.',
  secretWrong:
    'Save a secret of this application in the service connection: its value, not its ID. Or convert the connection to workload identity federation.',
  noApplication:
    'Check that the application of the service connection still exists, and that the connection names the tenant of the application.',
  noCredential: `The identity has no federated credential. ${IN_AZURE_DEVOPS} Use both to create ${IN_ENTRA}. ${MANUALLY}`,
  credential: `${IN_AZURE_DEVOPS} Make both identical in ${IN_ENTRA}. ${AFTER_RENAME} ${AFTER_CONVERSION} ${MANUALLY}`,
  issuer: `${IN_AZURE_DEVOPS} Enter the same issuer and subject in ${IN_ENTRA}. ${AFTER_CONVERSION} ${MANUALLY}`,
  subject: `${IN_AZURE_DEVOPS} Enter the same subject in ${IN_ENTRA}. ${AFTER_RENAME} ${AFTER_CONVERSION} ${MANUALLY}`,
  subjectCase: `The subjects differ only in uppercase and lowercase letters, and Entra compares case. ${IN_AZURE_DEVOPS} Delete ${IN_ENTRA}, and create it again with exactly this subject. ${MANUALLY}`,
  restricted:
    'Ask the administrators of the Microsoft Entra tenant to allow workload identity federation for your organization.',
};

/** @param fault absent if Entra's error number is unknown, or if there is none */
export const signInRefused = (detail: string, fault?: SignInFault, cause?: unknown): CodedError =>
  failure(
    'JIT202',
    say`Microsoft Entra ID refused the sign-in of the service connection: ${detail}.`,
    fault === undefined
      ? 'In Azure DevOps, go to Project settings > Service connections, and check that the secret or certificate of the connection has not expired, and that its identity still exists and has the federated credential.'
      : SIGN_IN_REMEDIES[fault],
    cause,
  );

/** @param words Azure's own, if there are any */
export const tokenRefused = (words?: string, cause?: unknown): CodedError =>
  failure(
    'JIT202',
    'Azure Resource Manager refused the access token, and then a new one (401)' +
      (words === undefined ? '.' : `: ${azureWords(words)}.`),
    'Check that the service connection is for the cloud and the tenant of the subscription, and that its identity is not blocked.',
    cause,
  );

export const identityMissing = (detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT202',
    say`This agent provided no token for the managed identity of the service connection: ${detail}.`,
    'Assign the identity to the VM or scale set that the agent runs on. Microsoft-hosted agents have no managed identity.',
    cause,
  );

export const noOidcToken = (detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT203',
    say`Azure DevOps provided no OIDC token for the service connection: ${detail}.`,
    'Check that the service connection is authorized for this pipeline and still uses workload identity federation.',
    cause,
  );

export const notFound = (what: string, id: string, cause?: unknown): CodedError =>
  failure(
    'JIT406',
    say`Azure cannot find the ${what} ${id}.`,
    'Check the subscription, the resource group, and the name, and that the service connection is for this tenant.',
    cause,
  );

export const policyNameUnknown = (
  policyName: string,
  resourceGroup: string,
  others: readonly string[],
): CodedError =>
  failure(
    'JIT406',
    say`The resource group ${resourceGroup} has no just-in-time policy ${policyName}. ${others.length > 0 ? `It has ${listText(others)}` : 'It has no policies'}.`,
    'Correct policyName, or leave it empty: the task then finds the policy that covers the VM.',
  );

export const requestRefused = (policyName: string, detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT405',
    say`Azure refused the request because it is outside the policy ${policyName}: ` +
      `${azureWords(detail)}.`,
    'If the policy allows only CIDR ranges, set sourceIp: policy to request exactly those. Otherwise, compare the ports, the duration, and the source with the policy in Defender for Cloud. If they match, Defender for Servers Plan 2 might be off for the subscription or not cover the VM.',
    cause,
  );

export const throttled = (what: string, detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT601',
    say`Azure is throttling calls (${inSentence(what)}): ${detail}.`,
    'Run the job again later. Many jobs with the same identity can share one limit.',
    cause,
  );

/** @param isThrottled whether the response was 429. Another status can also require a wait */
export function waitTooLong(
  what: string,
  waitMs: number,
  isThrottled: boolean,
  cause?: unknown,
): PauseTooLongError {
  const wait = `a wait of ${String(Math.ceil(waitMs / 1000))} s, longer than the remaining time`;
  const error = isThrottled
    ? throttled(what, `it requires ${wait}`)
    : failure(
        'JIT601',
        say`The response to a call (${inSentence(what)}) requires ${wait}.`,
        'Run the job again later.',
      );
  return new PauseTooLongError(error, waitMs, { cause });
}

export const serverError = (what: string, status: number, detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT602',
    say`${callOf(what) ?? what} returned status ${status} until the retries ended: ${detail}.`,
    'Run the job again. If the error persists, check status.azure.com.',
    cause,
  );

export const notReached = (what: string, detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT603',
    say`${responderOf(what)} could not be reached: ${detail}.`,
    'Check name resolution, the firewall, and the proxy of the agent. If the agent must trust a private certificate authority, add it to the file that the agent was configured with (--sslcacert), also on Windows: Node does not read the Windows certificate store.',
    cause,
  );

/** The service responded, but its operation did not end. */
export const notInTime = (result: string): CodedError =>
  failure('JIT603', say`${result} was not available in time.`, 'Run the job again.');

const senderOf = (what: string): string => {
  const call = callOf(what);
  return call === undefined ? `from ${inSentence(what)}` : `to ${inSentence(call)}`;
};

export const senselessAnswer = (what: string, detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT604',
    say`Unexpected response ${senderOf(what)}: ${detail}.`,
    'A proxy or a sign-in page between the agent and Azure might respond instead of Azure. Otherwise, run the job again.',
    cause,
  );

/** @param open what stays open and until when, or that nothing was opened */
export const cancelled = (open: string): CodedError => failure('JIT801', 'The run was canceled.', open);

export const bug = (cause: unknown): CodedError =>
  failure(
    'JIT901',
    say`An error occurred that this task does not expect: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}.`,
    'Report it with the log of a run that has system.debug set to true.',
    cause,
  );
