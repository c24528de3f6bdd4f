/** Why a call to Azure DevOps failed. */
export type ApiTrouble =
  'signIn' | 'forbidden' | 'notFound' | 'busy' | 'server' | 'notReached' | 'slow' | 'senseless';

/** What happened, and what to do. */
export const TROUBLES: Readonly<Record<ApiTrouble, string>> = {
  signIn: 'Azure DevOps no longer accepts the sign-in (401). Reload the page.',
  forbidden:
    'You are not allowed to view the builds of this project (403). Ask an administrator of the project for the permission "View builds".',
  notFound: 'Azure DevOps cannot find this run (404). It may have been deleted.',
  busy: 'Azure DevOps is throttling requests (429). Try again in a few minutes.',
  server: 'Azure DevOps returned an error. Try again later.',
  notReached: 'Azure DevOps could not be reached. Check your network connection, and try again.',
  slow: 'Azure DevOps did not respond in time. Try again.',
  senseless:
    'Azure DevOps returned an unexpected response. A proxy or a sign-in page may have responded instead.',
};

export const RETRY = 'Try again';
