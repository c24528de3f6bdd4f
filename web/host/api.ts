import { TROUBLES, type ApiTrouble } from '../messages/trouble';

/** A call to Azure DevOps that failed. */
class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(readonly trouble: ApiTrouble) {
    super(trouble);
  }
}

/** Returns the message for an error that a call threw. */
export const toTroubleText = (error: unknown): string =>
  TROUBLES[error instanceof ApiError ? error.trouble : 'senseless'];

/** The location of an attachment of a run: the IDs in its address. */
export interface AttachmentPlace {
  readonly timelineId: string;
  readonly recordId: string;
  readonly name: string;
}

/** A run or a pipeline, with its number. */
export interface Listed {
  readonly id: number;
  readonly name: string;
}

/** The calls to Azure DevOps. Each throws an `ApiError`. */
export interface Api {
  attachments(runId: number, type: string): Promise<readonly AttachmentPlace[]>;
  attachment(runId: number, type: string, place: AttachmentPlace): Promise<string>;
  /** Returns the latest runs of a pipeline, newest first, and not more than `most`. */
  runs(pipelineId: number, most: number): Promise<readonly Listed[]>;
  /** Returns the pipelines, sorted by name. */
  pipelines(): Promise<readonly Listed[]>;
}

/** How a page accesses its organization. */
export interface HostAccess {
  /** The URL of the organization, with a slash at its end. */
  readonly home: string;
  readonly projectId: string;
  readonly token: () => Promise<string>;
}

const LONGEST_MS = 30_000;
/** An attachment has at most one megabyte, and a list has less. */
const MOST_CHARACTERS = 4_000_000;
const MOST_PAGES = 20;

/** Attachments are a preview in every version. (https://learn.microsoft.com/rest/api/azure/devops/build/attachments) */
const ATTACHMENTS = '7.1-preview.2';
const BUILDS = '7.1';

export function createApi({ home, projectId, token }: HostAccess): Api {
  const builds = `${home}${encodeURIComponent(projectId)}/_apis/build`;
  /** Gets a page of a list, or an attachment. */
  const call = (url: string): Promise<PageAnswer> =>
    withinTime(async (signal) => {
      const first = await send(url, await token(), signal);
      // The token might have expired while the page was open.
      const response = first.status === 401 ? await send(url, await token(), signal) : first;
      if (response.status !== 200) throw new ApiError(toTrouble(response.status));
      const text = await response.text();
      if (text.length > MOST_CHARACTERS) throw new ApiError('senseless');
      return { text, next: response.headers.get('x-ms-continuationtoken') ?? '' };
    });
  const items = async (url: string): Promise<readonly ListItem[]> => {
    const found: ListItem[] = [];
    let next = '';
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await call(next === '' ? url : `${url}&continuationToken=${encodeURIComponent(next)}`);
      found.push(...parseItems(answer.text));
      if (answer.next === '' || answer.next === next) return found;
      next = answer.next;
    }
    return found;
  };
  return {
    attachments: async (runId, type) => {
      const found = await items(`${builds}/builds/${runId}/attachments/${type}?api-version=${ATTACHMENTS}`);
      return found.flatMap((item) => toPlace(item) ?? []);
    },
    attachment: async (runId, type, { timelineId, recordId, name }) => {
      const way = [runId, timelineId, recordId, 'attachments', type, encodeURIComponent(name)].join('/');
      return (await call(`${builds}/builds/${way}?api-version=${ATTACHMENTS}`)).text;
    },
    runs: async (pipelineId, most) => {
      const order = `definitions=${pipelineId}&$top=${most}&queryOrder=queueTimeDescending`;
      const found = await items(`${builds}/builds?${order}&api-version=${BUILDS}`);
      return found.slice(0, most).flatMap((item) => toNamed(item, 'buildNumber'));
    },
    pipelines: async () => {
      const order = '$top=1000&queryOrder=definitionNameAscending';
      const found = await items(`${builds}/definitions?${order}&api-version=${BUILDS}`);
      return found.flatMap((item) => toNamed(item, 'name'));
    },
  };
}

interface PageAnswer {
  readonly text: string;
  /** The continuation token of the next page; empty if there is none. */
  readonly next: string;
}

/**
 * Does work that is aborted if it takes too long. Any error other than an `ApiError` means that there was no response.
 */
async function withinTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const broken = new AbortController();
  const timer = setTimeout(() => {
    broken.abort();
  }, LONGEST_MS);
  try {
    return await work(broken.signal);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(broken.signal.aborted ? 'slow' : 'notReached');
  } finally {
    clearTimeout(timer);
  }
}

const send = (url: string, token: string, signal: AbortSignal): Promise<Response> =>
  fetch(url, {
    headers: {
      ...{ Authorization: `Bearer ${token}`, Accept: 'application/json' },
      // Otherwise, Azure DevOps might return a sign-in page instead of 401.
      'X-TFS-FedAuthRedirect': 'Suppress',
    },
    // No cookies, and no redirects to another address.
    ...{ credentials: 'omit', redirect: 'error', cache: 'no-store', referrerPolicy: 'no-referrer', signal },
  });

const toTrouble = (status: number): ApiTrouble => {
  const known: Readonly<Record<number, ApiTrouble>> = {
    ...{ 401: 'signIn', 203: 'signIn', 403: 'forbidden', 404: 'notFound', 429: 'busy' },
  };
  return known[status] ?? (status >= 500 ? 'server' : 'senseless');
};

type ListItem = Readonly<Record<string, unknown>>;

const isItem = (value: unknown): value is ListItem =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the items of a list, without the wrapper of Azure DevOps. */
function parseItems(text: string): readonly ListItem[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError('senseless');
  }
  const items = isItem(value) ? value['value'] : undefined;
  if (!Array.isArray(items)) throw new ApiError('senseless');
  return items.filter(isItem);
}

/**
 * Reads the IDs from the address in the list. The address itself is never used: a page calls only its own organization.
 */
function toPlace({ name, _links: links }: ListItem): AttachmentPlace | undefined {
  const self = isItem(links) ? links['self'] : undefined;
  const href = isItem(self) ? self['href'] : undefined;
  if (typeof name !== 'string' || typeof href !== 'string') return undefined;
  const [, timelineId, recordId] =
    /\/builds\/\d+\/([\da-f-]{36})\/([\da-f-]{36})\/attachments\//i.exec(href) ?? [];
  return timelineId === undefined || recordId === undefined ? undefined : { timelineId, recordId, name };
}

function toNamed(item: ListItem, label: string): readonly Listed[] {
  const { id, [label]: name } = item;
  return typeof id === 'number' && Number.isSafeInteger(id) && typeof name === 'string' ? [{ id, name }] : [];
}
