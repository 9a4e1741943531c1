import { defineDirect } from '#kit/definition.ts';
import type { DeskCapabilities } from '#ports/desk.ts';

/** Our own console. See README.md for what `direct` means. */
export const consoleDesk = defineDirect<'desk', DeskCapabilities>({
  side: 'desk',
  kind: 'console',
  title: 'Baton’s own console',
  can: {
    direct: true,
    typing: true,
    readMarks: true,
    files: 'full',
    transcript: 'messages',
    position: true,
    availability: true,
    handBack: 'The button "Return to bot", with a note.',
    poll: false,
    tells: ['assigned', 'unassigned', 'closed', 'reopened'],
  },
});
