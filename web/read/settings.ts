import { isRecord } from './shape';

/** What a widget is configured to show. */
export interface WidgetChoice {
  readonly pipelineId: number;
}

/** Reads the saved configuration. Returns undefined for anything else. */
export function parseChoice(saved: unknown): WidgetChoice | undefined {
  if (typeof saved !== 'string') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(saved);
  } catch {
    return undefined;
  }
  const id = isRecord(value) ? value['pipelineId'] : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? { pipelineId: id } : undefined;
}

export const formatChoice = ({ pipelineId }: WidgetChoice): string => JSON.stringify({ pipelineId });

/** What the dashboard provides about a widget. */
export interface WidgetSettings {
  readonly name: string;
  readonly choice: WidgetChoice | undefined;
}

/** Reads the settings of a widget as the dashboard provides them. */
export function readSettings(given: unknown): WidgetSettings {
  const settings = isRecord(given) ? given : {};
  const custom = isRecord(settings['customSettings']) ? settings['customSettings'] : {};
  const name = settings['name'];
  return { name: typeof name === 'string' ? name : '', choice: parseChoice(custom['data']) };
}
