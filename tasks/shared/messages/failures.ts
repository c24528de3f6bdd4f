import { azureWords, listText, say } from '../core/text';
import { failure, type CodedError } from '../core/errors';

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
      ? 'Correct this input; nothing was asked of Azure.'
      : 'Correct these inputs; nothing was asked of Azure.',
  );

export const connectionIncomplete = (name: string, missing: readonly string[]): CodedError =>
  failure(
    'JIT201',
    say`The service connection ${name} lacks ${listText(missing)}.`,
    'Open it in Project settings, Service connections, and save it again, or make a new one of type Azure Resource Manager.',
  );

export const connectionWithoutToken = (name: string, scheme: string): CodedError =>
  failure(
    'JIT201',
    say`The service connection ${name} is of the kind ${scheme}, which gives no token for Azure Resource Manager.`,
    'Use one of type Azure Resource Manager with workload identity federation, a service principal or a managed identity.',
  );

/** What is wrong with a sign-in, as far as Entra's number tells it. */
export type SignInFault =
  | ('secretExpired' | 'secretWrong' | 'noApplication')
  | ('noCredential' | 'credential' | 'issuer' | 'subject' | 'subjectCase' | 'restricted');

const FROM_DIALOG =
  'Open the service connection in Project settings, Service connections, Edit, which shows issuer and subject,';
const SIGN_IN_REMEDIES: Readonly<Record<SignInFault, string>> = {
  secretExpired:
    'Convert the service connection to workload identity federation, which has no secret, or save a new secret in it.',
  secretWrong:
    'Save a secret of this application in the service connection: its value, not its id. Or convert it to workload identity federation.',
  noApplication:
    'Check that the application of the service connection still exists, and that the connection names its tenant.',
  noCredential: `The identity has no federated credential. ${FROM_DIALOG} and add one with both.`,
  credential: `${FROM_DIALOG} and compare both with the federated credential of its identity. A renamed organization, project or connection has another subject.`,
  issuer: `${FROM_DIALOG} and give the federated credential of its identity the same issuer. A conversion that was not finished leaves the old one.`,
  subject: `${FROM_DIALOG} and give the federated credential of its identity the same subject. A renamed organization, project or connection has another one.`,
  subjectCase: `The subjects differ in upper and lower case alone, which Entra tells apart. ${FROM_DIALOG} and make the federated credential of its identity again with the same spelling.`,
  restricted:
    'Ask the administrators of the Microsoft Entra tenant to allow workload identity federation for this organization.',
};

/** @param fault absent where Entra's number tells nothing, or none was given */
export const signInRefused = (detail: string, fault?: SignInFault, cause?: unknown): CodedError =>
  failure(
    'JIT202',
    say`Microsoft Entra ID refused the sign-in of the service connection: ${detail}.`,
    fault === undefined
      ? 'Check in Project settings, Service connections, that its secret or certificate has not expired, and that its identity still exists and has the federated credential.'
      : SIGN_IN_REMEDIES[fault],
    cause,
  );

/** `words`: Azure's own, where it gave any. */
export const tokenRefused = (words?: string, cause?: unknown): CodedError =>
  failure(
    'JIT202',
    'Azure Resource Manager refused the token, and a fresh one as well (401)' +
      (words === undefined ? '.' : `: ${azureWords(words)}.`),
    'Check that the service connection belongs to the cloud and the tenant of the subscription, and that its identity is not blocked.',
    cause,
  );

export const identityMissing = (detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT202',
    say`This agent gave no token for the managed identity of the service connection: ${detail}.`,
    'Assign the identity to the VM or scale set that the agent runs on; Microsoft-hosted agents have none.',
    cause,
  );

export const noOidcToken = (detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT203',
    say`Azure DevOps gave no OIDC token for the service connection: ${detail}.`,
    'Check that the service connection is authorised for this pipeline and still uses workload identity federation.',
    cause,
  );

export const notFound = (what: string, id: string, cause?: unknown): CodedError =>
  failure(
    'JIT406',
    say`Azure does not find the ${what} ${id}.`,
    'Check the spelling of subscription, resource group and name, and that the service connection belongs to this tenant.',
    cause,
  );

export const policyNameUnknown = (
  policyName: string,
  resourceGroup: string,
  others: readonly string[],
): CodedError =>
  failure(
    'JIT406',
    say`The resource group ${resourceGroup} has no just-in-time policy ${policyName}; ${others.length > 0 ? `it has ${listText(others)}` : 'it has none at all'}.`,
    'Correct policyName, or leave it empty and the policy that covers the VM is found.',
  );

export const requestRefused = (policyName: string, detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT405',
    say`Azure refused the request as outside the policy ${policyName}: ` + `${azureWords(detail)}.`,
    'When the policy allows CIDRs only, ask for exactly those with sourceIp: policy; else compare ports, duration and source with the policy in Defender for Cloud. When they agree, Defender for Servers Plan 2 may be off for the subscription, or not cover the VM.',
    cause,
  );

export const throttled = (what: string, detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT601',
    say`Azure is throttling (${what}): ${detail}.`,
    'Run the job again later; many jobs with one identity share one limit.',
    cause,
  );

export const serverError = (what: string, status: number, detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT602',
    say`${what} answered with status ${status} to the end of the retries: ${detail}.`,
    'Run the job again; when it lasts, look at status.azure.com.',
    cause,
  );

export const notReached = (what: string, detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT603',
    say`${what} was not reached: ${detail}.`,
    'Check the name resolution, the firewall and the proxy of the agent; a certificate authority that the agent is to trust belongs in the file that it was configured with as --sslcacert, also on Windows, whose certificate store Node does not read.',
    cause,
  );

export const senselessAnswer = (what: string, detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT604',
    say`${what} gave an answer that makes no sense: ${detail}.`,
    'Something between the agent and Azure may answer in its place, such as a proxy or a sign-in page; else run the job again.',
    cause,
  );

/** `open` tells what stays open and until when, or that nothing was opened. */
export const cancelled = (open: string): CodedError => failure('JIT801', 'The run was cancelled.', open);

export const bug = (cause: unknown): CodedError =>
  failure(
    'JIT901',
    say`Something happened that this task does not expect: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}.`,
    'Please report it with the log of a run that has system.debug set to true.',
    cause,
  );
