/** Why a call to Azure DevOps came to nothing. */
export type ApiTrouble =
  'signIn' | 'forbidden' | 'notFound' | 'busy' | 'server' | 'notReached' | 'slow' | 'senseless';

/** What happened, and what to do. */
export const TROUBLES: Readonly<Record<ApiTrouble, string>> = {
  signIn: 'Azure DevOps does not accept the sign-in any more (401). Reload the page.',
  forbidden:
    'You may not see the builds of this project (403). Ask an administrator of the project for the right to view builds.',
  notFound: 'Azure DevOps does not find this run (404). It may have been deleted.',
  busy: 'Azure DevOps takes no more calls for now (429). Try again in a few minutes.',
  server: 'Azure DevOps answered with an error. Try again later.',
  notReached: 'Azure DevOps was not reached. Check the connection, and try again.',
  slow: 'Azure DevOps did not answer in time. Try again.',
  senseless:
    'Azure DevOps gave an answer that makes no sense. A proxy or a sign-in page may have answered in its place.',
};

export const RETRY = 'Try again';
