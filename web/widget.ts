import { ATTACHMENT_TYPE } from '../tasks/shared/document/document';
import { createApi, toTroubleText, type Api, type HostAccess } from './host/api';
import { SHOWN, UNCONFIGURED, type Widget, type WidgetStatus } from './host/dashboard';
import { findAccess, greet, offer, onTheme, showPage } from './host/sdk';
import * as say from './messages/widget';
import { el, foreign } from './page/dom';
import { fitTheme } from './page/theme';
import { widgetPage } from './page/widget';
import { findLatest } from './read/latest';
import { createLoader } from './read/load';
import { readSettings, type WidgetChoice, type WidgetSettings } from './read/settings';

/** How many of the latest runs are searched for a report. */
const MOST_RUNS = 10;

/** Runs the widget of a dashboard: the counts of the latest report of a pipeline. */
async function main(): Promise<void> {
  await greet();
  onTheme(fitTheme);
  const access = await findAccess();
  const api = createApi(access);
  let last: unknown;
  const load = async (given: unknown): Promise<WidgetStatus> => {
    last = given;
    const settings = readSettings(given);
    const { content, status } = await show(settings, api, access);
    // The user may have selected another pipeline meanwhile.
    if (last === given) draw(settings.name, content);
    return status;
  };
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

interface Drawn {
  readonly content: HTMLElement;
  readonly status: WidgetStatus;
}

/** Returns what the widget shows with its settings. */
async function show({ choice }: WidgetSettings, api: Api, access: HostAccess): Promise<Drawn> {
  if (!choice) return { content: el('p', {}, say.UNCONFIGURED), status: UNCONFIGURED };
  try {
    return { content: await reportOf(choice, api, access), status: SHOWN };
  } catch (error) {
    return { content: alert(toTroubleText(error)), status: SHOWN };
  }
}

/** Returns the latest report among the latest runs, or why there is none. */
async function reportOf(
  { pipelineId }: WidgetChoice,
  api: Api,
  { home, projectId }: HostAccess,
): Promise<HTMLElement> {
  const runs = await api.runs(pipelineId, MOST_RUNS);
  const { found, isWhole, trouble } = await findLatest(runs, ({ id }) =>
    createLoader(
      () => api.attachments(id, ATTACHMENT_TYPE),
      (place) => api.attachment(id, ATTACHMENT_TYPE, place),
    )(),
  );
  if (found) {
    const { run, report } = found;
    const address = `${home}${encodeURIComponent(projectId)}/_build/results?buildId=${run.id}`;
    return widgetPage({ name: run.name, address, report, isLatest: isWhole });
  }
  if (trouble !== undefined) return alert(toTroubleText(trouble));
  return isWhole ? el('p', {}, say.NO_REPORT) : alert(say.NO_REPORT_READ);
}

const alert = (text: string): HTMLElement => el('p', { role: 'alert' }, text);

const draw = (name: string, content: HTMLElement): void => {
  document.body.replaceChildren(el('main', {}, el('h2', {}, foreign(name)), content));
};

main().catch(() => {
  draw('', alert(say.NO_PROJECT));
});
