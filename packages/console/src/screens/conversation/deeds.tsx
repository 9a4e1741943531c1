import type { ConversationSummary } from '@baton/protocol';
import { notifications } from '@mantine/notifications';
import {
  IconArrowBackUp,
  IconArrowsExchange,
  IconCheck,
  IconEar,
  IconEye,
  IconEyeOff,
  IconFlag3,
  IconHandMove,
  IconLayoutSidebarRight,
  IconMessage2,
  IconMessageBolt,
  IconNote,
  IconPlayerPause,
  IconPlayerPlay,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { sayError } from '#data/api.ts';
import type { Command } from '#data/commands.ts';
import type { Ask } from '#data/live.ts';
import type { Stance } from '#data/picture.ts';
import { useConsole } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { type Kind, kindsFor } from './composer.tsx';

export type DialogName = 'take' | 'release' | 'transfer' | 'resolve' | 'flag';

const ICON = { size: 18, stroke: 1.7 } as const;

interface Deeds {
  row: ConversationSummary;
  stance: Stance;
  me: string | undefined;
  held: boolean;
  openDialog: (name: DialogName) => void;
  write: (kind: Kind) => void;
  togglePanel: () => void;
}

/** Everything that this agent may do here now: the buttons, the keys and the palette all come from this list. */
export function useDeeds(given: Deeds): Command[] {
  const { live } = useConsole();
  const { row, stance, me, held, openDialog, write, togglePanel } = given;
  return useMemo(() => {
    const ask = (label: string, frame: Ask) => () => {
      live
        .ask(frame)
        .catch((error) => notifications.show({ color: 'red', title: t.deeds.failed(label), message: sayError(error) }));
    };
    const resolveNow = () => live.dispatch({ type: 'resolve', conversation: row.id, at: live.now() });
    const all = [
      ...controlDeeds({ row, stance, me, held, openDialog, resolveNow, ask }),
      ...writingDeeds(stance, write),
    ];
    all.push({
      id: 'panel',
      label: t.deeds.panel,
      icon: <IconLayoutSidebarRight {...ICON} />,
      keys: 'i',
      group: 'conversation',
      run: togglePanel,
    });
    return all;
  }, [live, row, stance, me, held, openDialog, write, togglePanel]);
}

interface Control extends Pick<Deeds, 'row' | 'stance' | 'me' | 'held' | 'openDialog'> {
  resolveNow(): void;
  ask: (label: string, frame: Ask) => () => void;
}

function controlDeeds({ row, stance, me, held, openDialog, resolveNow, ask }: Control): Command[] {
  const conversation = row.id;
  const group = 'conversation';
  const flag: Command = {
    id: 'flag',
    label: t.deeds.flag,
    icon: <IconFlag3 {...ICON} />,
    keys: 'l',
    group,
    opens: true,
    run: () => openDialog('flag'),
  };
  const take: Command = {
    id: 'take',
    label: t.deeds.take,
    icon: <IconHandMove {...ICON} />,
    keys: 't',
    group,
    ...(stance.is === 'other' && { opens: true }),
    run: stance.is === 'other' ? () => openDialog('take') : ask(t.deeds.take, { type: 'take', conversation }),
  };
  const resolve: Command = {
    id: 'resolve',
    label: t.deeds.resolve,
    icon: <IconCheck {...ICON} />,
    keys: 'e',
    group,
    words: 'close end',
    opens: true,
    run: () => openDialog('resolve'),
  };
  switch (stance.is) {
    case 'mine':
      return [
        // Fifty times a day: one key, which can be taken back. With an outcome or a note it is asked.
        {
          id: 'resolve',
          label: t.deeds.resolve,
          icon: <IconCheck {...ICON} />,
          keys: 'e',
          group,
          words: 'close end done',
          run: resolveNow,
        },
        { ...resolve, id: 'resolve-with', label: t.deeds.resolveWith, keys: 'shift+e' },
        {
          id: 'release',
          label: t.deeds.release,
          icon: <IconArrowBackUp {...ICON} />,
          keys: 'b',
          group,
          opens: true,
          run: () => openDialog('release'),
        },
        {
          id: 'transfer',
          label: t.deeds.transfer,
          icon: <IconArrowsExchange {...ICON} />,
          keys: 'f',
          group,
          words: 'forward pass',
          opens: true,
          run: () => openDialog('transfer'),
        },
        held
          ? {
              id: 'hold',
              label: t.deeds.resume,
              icon: <IconPlayerPlay {...ICON} />,
              keys: 'h',
              group,
              run: ask(t.deeds.resume, { type: 'resume', conversation }),
            }
          : {
              id: 'hold',
              label: t.deeds.hold,
              icon: <IconPlayerPause {...ICON} />,
              keys: 'h',
              group,
              run: ask(t.deeds.hold, { type: 'hold', conversation }),
            },
        flag,
      ];
    case 'bot':
    case 'queue':
    case 'nobody':
      return [take, watchDeed(row, me, ask), resolve, flag];
    case 'other':
      return [take, watchDeed(row, me, ask), flag];
    case 'closed':
      return [flag];
  }
}

function watchDeed(row: ConversationSummary, me: string | undefined, ask: Control['ask']): Command {
  const watching = row.watchers.some((one) => one.id === me);
  const shared = { id: 'watch', keys: 'w', group: 'conversation' } as const;
  return watching
    ? {
        ...shared,
        label: t.deeds.unwatch,
        icon: <IconEyeOff {...ICON} />,
        run: ask(t.deeds.unwatch, { type: 'unwatch', conversation: row.id }),
      }
    : {
        ...shared,
        label: t.deeds.watch,
        icon: <IconEye {...ICON} />,
        run: ask(t.deeds.watch, { type: 'watch', conversation: row.id }),
      };
}

function writingDeeds(stance: Stance, write: Deeds['write']): Command[] {
  const group = 'conversation';
  const all: Record<Kind, Command> = {
    reply: {
      id: 'write-reply',
      label: t.deeds.reply,
      icon: <IconMessage2 {...ICON} />,
      keys: 'r',
      group,
      opens: true,
      run: () => write('reply'),
    },
    note: {
      id: 'write-note',
      label: t.deeds.noteIt,
      icon: <IconNote {...ICON} />,
      keys: 'n',
      group,
      opens: true,
      run: () => write('note'),
    },
    whisper: {
      id: 'write-whisper',
      label: t.deeds.whisperIt,
      icon: <IconEar {...ICON} />,
      keys: 'shift+w',
      group,
      opens: true,
      run: () => write('whisper'),
    },
    barge: {
      id: 'write-barge',
      label: t.deeds.barge,
      icon: <IconMessageBolt {...ICON} />,
      keys: 'shift+b',
      group,
      opens: true,
      run: () => write('barge'),
    },
  };
  return kindsFor(stance)
    .filter((kind) => kind !== 'reply' || stance.is === 'mine')
    .map((kind) => all[kind]);
}
