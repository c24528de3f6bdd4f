import { liesIn, parseOrganization } from '../tasks/shared/core/organization';
import { linkTarget } from '../tasks/shared/view/linkTarget';
import { ATTACHMENT_TYPE } from '../tasks/shared/document/document';
import { createApi, toTroubleText, type Api } from './host/api';
import { findAccess, followRun, greet, onTheme, showPage, type ShownRun } from './host/sdk';
import { every, now } from './host/timer';
import * as say from './messages/tab';
import { RETRY } from './messages/trouble';
import { el } from './page/dom';
import { createFrame, type Frame } from './page/frame';
import type { Living } from './page/ports';
import { runPage } from './page/run';
import type { IsOurs } from './page/table';
import { fitTheme } from './page/theme';
import { createLoader, type Loaded } from './read/load';

const SECOND = 1000;
/** How often a run in progress is checked, in milliseconds. */
const CHECK_MS = 15 * SECOND;

/** Runs the tab of a run: shows the results of its steps, and checks for more while the run is in progress. */
async function main(): Promise<void> {
  const frame = createFrame(say.TITLE);
  frame.status(say.LOADING);
  await greet();
  onTheme(fitTheme);
  showPage();
  const access = await findAccess();
  const api = createApi(access);
  const onRun = followDocuments(frame, api, linksInto(access.home));
  followRun(onRun);
}

/** Only addresses of the run's own organization become links. */
function linksInto(home: string): IsOurs {
  const organization = parseOrganization(home);
  return (address) =>
    linkTarget(address) !== undefined && organization !== undefined && liesIn(organization, new URL(address));
}

/** Returns a function that must be called with the run whenever it changes. */
function followDocuments(frame: Frame, api: Api, isOurs: IsOurs): (run: ShownRun) => void {
  let shown: Living | undefined;
  let run: ShownRun | undefined;
  let load: (() => Promise<Loaded>) | undefined;
  let version = 0;
  let underWay: Promise<void> | undefined;
  let stop = (): void => undefined;

  const check = async (): Promise<void> => {
    const started = load;
    // The result of a run that is no longer shown is ignored. The current run is loaded after it.
    const isPast = (): boolean => started !== load;
    try {
      const loaded = await started?.();
      if (!loaded || isPast()) return;
      frame.calm();
      if (loaded.version !== version) {
        version = loaded.version;
        shown = runPage(loaded, isOurs, frame.status, toTroubleText);
        frame.show(shown.element);
        shown.tick(now());
      }
      const goesOn = loaded.total > 0 && run?.isOver === false;
      frame.more(goesOn ? say.GOES_ON : '');
      if (loaded.total === 0) frame.status(run?.isOver ? say.NOTHING : say.NOTHING_YET);
    } catch (error) {
      if (isPast()) return;
      frame.trouble(toTroubleText(error), { words: RETRY, act: refresh });
    }
  };
  /** Only one check runs at a time. A call in the meantime starts another check after it. */
  const refresh = (): void => {
    underWay = (underWay ?? Promise.resolve()).then(check);
  };
  every(SECOND, () => shown?.tick(now()));

  return (changed) => {
    if (changed.id !== run?.id) {
      const { id } = changed;
      version = 0;
      // Remove the content of the previous run.
      shown = undefined;
      frame.show(el('div'));
      frame.calm();
      frame.status(say.LOADING);
      load = createLoader(
        () => api.attachments(id, ATTACHMENT_TYPE),
        (place) => api.attachment(id, ATTACHMENT_TYPE, place),
      );
    }
    run = changed;
    stop();
    stop = changed.isOver ? () => undefined : every(CHECK_MS, refresh);
    refresh();
  };
}

main().catch(() => {
  createFrame(say.TITLE).status(say.NO_HOST);
});
