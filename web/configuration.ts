import { createApi, toTroubleText, type Listed } from './host/api';
import {
  CONFIGURATION_CHANGE,
  SHOWN,
  type ConfigurationContext,
  type WidgetConfiguration,
} from './host/dashboard';
import { findAccess, greet, offer, onTheme, showPage } from './host/sdk';
import * as say from './messages/widget';
import { el } from './page/dom';
import { fitTheme } from './page/theme';
import { formatChoice, readSettings, type WidgetChoice } from './read/settings';

/** Runs the configuration of the widget: the choice of its pipeline. */
async function main(): Promise<void> {
  await greet();
  onTheme(fitTheme);
  const api = createApi(await findAccess());
  let choice: WidgetChoice | undefined;
  const configuration: WidgetConfiguration = {
    async load(given, context) {
      choice = readSettings(given).choice;
      try {
        const pipelines = await api.pipelines();
        draw(
          pipelines.length === 0
            ? el('p', {}, say.NO_PIPELINES)
            : chooser(pipelines, choice, (chosen) => {
                choice = chosen;
                notify(context, chosen);
              }),
        );
      } catch (error) {
        draw(el('p', { role: 'alert' }, toTroubleText(error)));
      }
      return SHOWN;
    },
    // The dashboard shows a rejection as an incomplete form.
    onSave: () =>
      choice
        ? Promise.resolve({ isValid: true, customSettings: { data: formatChoice(choice) } })
        : Promise.reject(new Error(say.CHOOSE)),
  };
  offer(configuration);
  showPage();
}

function notify(context: ConfigurationContext, choice: WidgetChoice | undefined): void {
  if (choice) void context.notify(CONFIGURATION_CHANGE, { data: { data: formatChoice(choice) } });
}

/** @param onChoice called with each choice; undefined if no pipeline is chosen */
function chooser(
  pipelines: readonly Listed[],
  current: WidgetChoice | undefined,
  onChoice: (choice: WidgetChoice | undefined) => void,
): HTMLElement {
  const select = document.createElement('select');
  select.id = 'pipeline';
  select.setAttribute('aria-describedby', 'help');
  const known = pipelines.some(({ id }) => id === current?.pipelineId);
  const options = pipelines.map(
    ({ id, name }) => new Option(name, String(id), false, id === current?.pipelineId),
  );
  select.append(...(known ? [] : [new Option(say.CHOOSE, '', true, true)]), ...options);
  select.addEventListener('change', () => {
    onChoice(select.value === '' ? undefined : { pipelineId: Number(select.value) });
  });
  return el(
    'div',
    {},
    el('label', { for: 'pipeline' }, say.PIPELINE),
    select,
    el('p', { id: 'help', class: 'soft' }, say.PIPELINE_HELP),
  );
}

const draw = (content: HTMLElement): void => {
  document.body.replaceChildren(el('main', {}, content));
};

main().catch(() => {
  draw(el('p', { role: 'alert' }, say.NO_PROJECT));
});
