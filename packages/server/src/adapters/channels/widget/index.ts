import { MAX_TEXT } from '@baton/core';
import { defineDirect } from '#kit/definition.ts';
import type { ChannelCapabilities } from '#ports/channel.ts';

/** Our own widget. See README.md for what `direct` means. */
export const widgetChannel = defineDirect<'channel', ChannelCapabilities>({
  side: 'channel',
  kind: 'widget',
  title: 'Baton’s own widget',
  can: { direct: true, choices: true, typing: true, readMarks: true, files: true, maxText: MAX_TEXT },
});
