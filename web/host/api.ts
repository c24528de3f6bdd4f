import { TROUBLES, type ApiTrouble } from '../messages/trouble';

/** A call to Azure DevOps that came to nothing. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(readonly trouble: ApiTrouble) {
    super(trouble);
  }
}

/** What to say of something that a call threw. */
export const toTroubleText = (error: unknown): string =>
  TROUBLES[error instanceof ApiError ? error.trouble : 'senseless'];

/** Where to find an attachment of a run: the ids that its address is made of. */
export interface AttachmentPlace {
  readonly timelineId: string;
  readonly recordId: string;
  readonly name: string;
}

/** A run or a pipeline by its number. */
export interface Listed {
  readonly id: number;
  readonly name: string;
}

/** The calls to Azure DevOps. Each throws an `ApiError`. */
export interface Api {
  attachments(runId: number, type: string): Promise<readonly AttachmentPlace[]>;
  attachment(runId: number, type: string, place: AttachmentPlace): Promise<string>;
  /** The latest runs of a pipeline first. */
  runs(pipelineId: number, most: number): Promise<readonly Listed[]>;
  /** By name. */
  pipelines(): Promise<readonly Listed[]>;
}

/** How a page speaks to its organization. */
export interface HostAccess {
  /** The organization's address, with a slash at its end. */
  readonly home: string;
  readonly projectId: string;
  readonly token: () => Promise<string>;
}

const LONGEST_MS = 30_000;
/** An attachment has a megabyte at most, and a list less. */
const MOST_CHARACTERS = 4_000_000;
const MOST_PAGES = 20;

/** Attachments are a preview in every version. (https://learn.microsoft.com/rest/api/azure/devops/build/attachments) */
const ATTACHMENTS = '7.1-preview.2';
const BUILDS = '7.1';

export function createApi({ home, projectId, token }: HostAccess): Api {
  const builds = `${home}${encodeURIComponent(projectId)}/_apis/build`;
  /** A page of a list, or an attachment. */
  const call = (url: string): Promise<PageAnswer> =>
    withinTime(async (signal) => {
      const first = await send(url, await token(), signal);
      // The token may have run out while the page was open.
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
  /** Of the next page; empty when there is none. */
  readonly next: string;
}

/** Does work that is broken off when it takes too long. Whatever else than an `ApiError` it throws means that nothing came. */
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
      // Else a page to sign in may come instead of 401.
      'X-TFS-FedAuthRedirect': 'Suppress',
    },
    // No cookie, no other address than this one.
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

/** The items of a list, as Azure DevOps wraps them. */
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
 * The ids out of the address that the list gives. The address itself is never used: a page asks its own organization only.
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
