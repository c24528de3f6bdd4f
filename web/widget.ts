import { ATTACHMENT_TYPE } from '../tasks/shared/document/document';
import { createApi, toTroubleText, type Api, type HostAccess } from './host/api';
import { SHOWN, UNCONFIGURED, type Widget, type WidgetStatus } from './host/dashboard';
import { findAccess, greet, offer, onTheme, showPage } from './host/sdk';
import * as say from './messages/widget';
import { el, foreign } from './page/dom';
import { fitTheme } from './page/theme';
import { widgetPage, type ReportedRun } from './page/widget';
import { createLoader } from './read/load';
import { readSettings } from './read/settings';

/** How many of the latest runs are searched for a report. */
const MOST_RUNS = 10;

/** Runs the widget of a dashboard: the counts of the latest report of a pipeline. */
async function main(): Promise<void> {
  await greet();
  onTheme(fitTheme);
  const access = await findAccess();
  const api = createApi(access);
  const load = (given: unknown): Promise<WidgetStatus> => show(given, api, access);
  const widget: Widget = {
    // The dashboard expects some content at once, and the rest later.
    preload: (given) => {
      draw(readSettings(given).name, el('p', { class: 'soft' }, say.LOADING));
      return Promise.resolve(SHOWN);
    },
    load,
    reload: load,
  };
  offer(widget);
  showPage();
}

async function show(given: unknown, api: Api, access: HostAccess): Promise<WidgetStatus> {
  const { name, choice } = readSettings(given);
  if (!choice) {
    draw(name, el('p', {}, say.UNCONFIGURED));
    return UNCONFIGURED;
  }
  try {
    const found = await findReport(api, access, choice.pipelineId);
    draw(name, found ? widgetPage(found) : el('p', {}, say.NO_REPORT));
  } catch (error) {
    draw(name, el('p', { role: 'alert' }, toTroubleText(error)));
  }
  return SHOWN;
}

/** Returns the latest report of the latest run that has one, among the latest runs. */
async function findReport(
  api: Api,
  { home, projectId }: HostAccess,
  pipelineId: number,
): Promise<ReportedRun | undefined> {
  for (const { id, name } of await api.runs(pipelineId, MOST_RUNS)) {
    const load = createLoader(
      () => api.attachments(id, ATTACHMENT_TYPE),
      (place) => api.attachment(id, ATTACHMENT_TYPE, place),
    );
    const { documents } = await load();
    const sorted = documents.toSorted(
      (one, other) => Date.parse(other.writtenAt) - Date.parse(one.writtenAt),
    );
    for (const { content } of sorted) {
      if (content.kind !== 'report') continue;
      const address = `${home}${encodeURIComponent(projectId)}/_build/results?buildId=${id}`;
      return { name, address, report: content.report };
    }
  }
  return undefined;
}

const draw = (name: string, content: HTMLElement): void => {
  document.body.replaceChildren(el('main', {}, el('h2', {}, foreign(name)), content));
};

main().catch(() => {
  draw('', el('p', { role: 'alert' }, say.NO_PROJECT));
});
