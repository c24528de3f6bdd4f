import { randomUUID } from 'node:crypto';

/** A document as an agent uploaded it. */
export interface SentDocument {
  readonly name: string;
  readonly text: string;
}

/** A response of the API. `hang` means that it never responds. */
export interface ApiAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly hang?: true;
}

/** A fault: returns a response that replaces the normal one, or undefined. */
export type ApiFault = (path: string) => ApiAnswer | undefined;

/** The part of the Azure DevOps API that the pages use, with strict checks of requests. */
export interface FakeDevops {
  readonly token: string;
  readonly project: { readonly id: string; readonly name: string };
  /** Requests that the real API would reject. */
  readonly violations: string[];
  /** The paths of all requests. */
  readonly calls: string[];
  addPipeline(name: string): number;
  /** Adds a run of a pipeline, newer than all others, and returns its ID. */
  addRun(pipelineId: number, documents: readonly SentDocument[]): number;
  attach(runId: number, document: SentDocument): void;
  /** Resolves when this number of requests have arrived. */
  called(count: number): Promise<void>;
  /** The number of entries on one page of a list. 0 means all. */
  pageSize: number;
  fault: ApiFault;
  answer(request: { method: string; url: URL; authorization: string }): ApiAnswer;
}

interface Attached extends SentDocument {
  readonly timelineId: string;
  readonly recordId: string;
}

const TYPE = 'jit-vm-access';
const VERSIONS = { attachments: '7.1-preview.2', builds: '7.1' };

export function createFakeDevops(organization: string): FakeDevops {
  const project = { id: '8a4c1d52-6a3f-4b8e-9d35-0c5f3c2b1e77', name: 'Web Shop' };
  const runs = new Map<number, { pipelineId: number; attached: Attached[] }>();
  const pipelines = new Map<number, string>();
  const timelineId = randomUUID();
  const waiting: (() => void)[] = [];
  const ok = (value: unknown, headers = {}): ApiAnswer => ({
    status: 200,
    body: JSON.stringify(value),
    headers,
  });
  const notFound: ApiAnswer = { status: 404, body: '{"message":"Not found."}' };

  const page = (items: readonly unknown[], url: URL): ApiAnswer => {
    const from = Number(url.searchParams.get('continuationToken') ?? 0);
    const to = devops.pageSize > 0 ? from + devops.pageSize : items.length;
    const more = to < items.length ? { 'x-ms-continuationtoken': String(to) } : {};
    const value = items.slice(from, to);
    return ok({ count: value.length, value }, more);
  };
  const needVersion = (url: URL, wanted: string): void => {
    if (url.searchParams.get('api-version') !== wanted)
      devops.violations.push(
        `${url.pathname} has the version ${String(url.searchParams.get('api-version'))}.`,
      );
  };
  const route = (url: URL): ApiAnswer => {
    const [, way] = url.pathname.split(`/${organization}/${project.id}/_apis/build/`);
    const parts = (way ?? '').split('/').map(decodeURIComponent);
    if (parts.length === 1 && parts[0] === 'definitions') {
      needVersion(url, VERSIONS.builds);
      return page([...pipelines].map(([id, name]) => ({ id, name })).toSorted(byName), url);
    }
    if (parts.length === 1 && parts[0] === 'builds') {
      needVersion(url, VERSIONS.builds);
      const wanted = Number(url.searchParams.get('definitions'));
      const found = [...runs].filter(([, { pipelineId }]) => pipelineId === wanted).toReversed();
      return page(
        found.map(([id]) => ({ id, buildNumber: `20260801.${id}` })),
        url,
      );
    }
    const run = parts[0] === 'builds' ? runs.get(Number(parts[1])) : undefined;
    const id = String(parts[1]);
    needVersion(url, VERSIONS.attachments);
    if (parts.length === 4 && parts[2] === 'attachments' && parts[3] === TYPE) {
      if (!run) return notFound;
      return page(
        run.attached.map(({ name, recordId }) => ({
          name,
          _links: {
            self: {
              // Another host than the page's own, as for old organizations. No call is allowed to go there.
              href: `https://elsewhere.example/${project.id}/_apis/build/builds/${id}/${timelineId}/${recordId}/attachments/${TYPE}/${name}`,
            },
          },
        })),
        url,
      );
    }
    if (parts.length === 7 && parts[4] === 'attachments' && parts[5] === TYPE && parts[2] === timelineId) {
      const found = run?.attached.find(({ name, recordId }) => recordId === parts[3] && name === parts[6]);
      return found ? { status: 200, body: found.text } : notFound;
    }
    devops.violations.push(`There is no ${url.pathname}.`);
    return notFound;
  };

  const devops: FakeDevops = {
    ...{ token: `page-${randomUUID()}`, project, violations: [], calls: [], pageSize: 0 },
    fault: () => undefined,
    async called(count) {
      while (devops.calls.length < count) await new Promise<void>((wake) => waiting.push(wake));
    },
    addPipeline(name) {
      const id = pipelines.size + 12;
      pipelines.set(id, name);
      return id;
    },
    addRun(pipelineId, documents) {
      const id = runs.size + 4711;
      runs.set(id, { pipelineId, attached: [] });
      for (const document of documents) devops.attach(id, document);
      return id;
    },
    attach(runId, document) {
      runs.get(runId)?.attached.push({ ...document, timelineId, recordId: randomUUID() });
    },
    answer({ method, url, authorization }) {
      devops.calls.push(url.pathname);
      for (const wake of waiting.splice(0)) wake();
      if (method !== 'GET') devops.violations.push(`${method} ${url.pathname}`);
      const fault = devops.fault(url.pathname);
      if (fault) return fault;
      if (authorization !== `Bearer ${devops.token}`) return { status: 401, body: '{}' };
      return route(url);
    },
  };
  return devops;
}

const byName = (one: { name: string }, other: { name: string }): number => (one.name < other.name ? -1 : 1);
