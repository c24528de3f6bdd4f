/**
 * What a dashboard calls on a widget and on its configuration.
 * (https://learn.microsoft.com/javascript/api/azure-devops-extension-api/iconfigurablewidget)
 */
export interface Widget {
  preload(settings: unknown): Promise<WidgetStatus>;
  load(settings: unknown): Promise<WidgetStatus>;
  reload(settings: unknown): Promise<WidgetStatus>;
}

export interface WidgetConfiguration {
  load(settings: unknown, context: ConfigurationContext): Promise<WidgetStatus>;
  onSave(): Promise<Saved>;
}

export interface ConfigurationContext {
  notify(event: string, what: { readonly data: { readonly data: string } }): Promise<unknown>;
}

/** `WidgetStatusType` of the dashboard. */
export interface WidgetStatus {
  readonly statusType: 0 | 2;
}
export const SHOWN: WidgetStatus = { statusType: 0 };
export const UNCONFIGURED: WidgetStatus = { statusType: 2 };

export interface Saved {
  readonly isValid: boolean;
  readonly customSettings?: { readonly data: string };
}

/** The event for a choice that is not saved yet, after which the dashboard shows the widget with it. */
export const CONFIGURATION_CHANGE = 'ms.vss-dashboards-web.configurationChange';
