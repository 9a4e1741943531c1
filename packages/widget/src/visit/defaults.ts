import type { WidgetSession } from '@baton/protocol';

/** Until the server has answered: the widget can be opened and written in before. */
export const DEFAULT_THEME: WidgetSession['theme'] = {
  color: '#2b5fd9',
  title: 'Chat with us',
  greeting: 'Hello! How can we help?',
  position: 'right',
  logoUrl: null,
};

export const DEFAULT_LIMITS: WidgetSession['limits'] = {
  textLength: 8_000,
  fileBytes: 10_000_000,
  filesPerMessage: 5,
  mimeTypes: [],
};
