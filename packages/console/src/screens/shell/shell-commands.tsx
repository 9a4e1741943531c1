import { useMantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconArchive,
  IconChartBar,
  IconCircleCheck,
  IconCircleDashed,
  IconCoffee,
  IconCommand,
  IconInbox,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconRobot,
  IconSettings,
  IconStack2,
  IconUsers,
} from '@tabler/icons-react';
import { useNavigate, useRouteContext } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { sayError } from '#data/api.ts';
import { type Command, useCommands } from '#data/commands.ts';
import { forget } from '#data/forget.ts';
import type { Ask } from '#data/live.ts';
import { useLogout } from '#data/session.ts';
import { useConsole } from '#data/use.ts';
import type { View } from '#data/views.ts';
import { VIEWS } from '#data/views.ts';
import { t } from '#strings/strings.ts';
import { tellResolved } from './resolving.tsx';

export const VIEW_ICONS: Record<View, ReactNode> = {
  queue: <IconUsers size={18} stroke={1.7} />,
  mine: <IconInbox size={18} stroke={1.7} />,
  bot: <IconRobot size={18} stroke={1.7} />,
  all: <IconStack2 size={18} stroke={1.7} />,
  closed: <IconArchive size={18} stroke={1.7} />,
};
/** What is chosen several times a day has a key. */
const PRESENCE_KEYS = { online: 'o', away: 'shift+o', offline: undefined } as const;
/** Breaks that are offered, in minutes. */
export const PAUSES = [5, 15, 30, 60];

/** The moment in so many minutes, as frames have it. */
export function inMinutes(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString();
}

const VIEW_KEYS: Record<View, string> = { queue: 'g q', mine: 'g m', bot: 'g b', all: 'g a', closed: 'g c' };

/** What can be done from everywhere. */
export function useShellCommands(openPalette: () => void, openHelp: () => void): void {
  const { live } = useConsole();
  const { session } = useRouteContext({ from: '/shell' });
  const admin = session.agent.role !== 'agent';
  const navigate = useNavigate();
  const { mutate: logout } = useLogout();
  const { toggleColorScheme } = useMantineColorScheme();

  const commands = useMemo((): Command[] => {
    const go = VIEWS.map(
      (view): Command => ({
        id: `go-${view}`,
        label: t.views[view],
        icon: VIEW_ICONS[view],
        keys: VIEW_KEYS[view],
        group: 'go',
        run: () => void navigate({ to: '/inbox/$view', params: { view } }),
      }),
    );
    const ask = (frame: Ask) => () =>
      void live.ask(frame).catch((error) => notifications.show({ color: 'red', message: sayError(error) }));
    const presence = (['online', 'away', 'offline'] as const).map(
      (state): Command => ({
        id: `presence-${state}`,
        label: `${t.palette.goPresence} ${t.presence[state].toLowerCase()}`,
        icon: <IconCircleDashed size={18} stroke={1.7} />,
        ...(PRESENCE_KEYS[state] && { keys: PRESENCE_KEYS[state] }),
        group: 'you',
        run: ask({ type: 'presence', state }),
      }),
    );
    const pauses = PAUSES.map(
      (minutes): Command => ({
        id: `break-${minutes}`,
        label: `${t.pause.backIn} ${t.pause.minutes(minutes)}`,
        icon: <IconCoffee size={18} stroke={1.7} />,
        group: 'you',
        words: 'pause lunch',
        run: () => ask({ type: 'presence', state: 'break', backAt: inMinutes(minutes) })(),
      }),
    );
    const ready: Command = {
      id: 'ready',
      label: t.pause.ready,
      icon: <IconCircleCheck size={18} stroke={1.7} />,
      keys: 'y',
      group: 'you',
      words: 'wrap-up done next',
      run: ask({ type: 'ready' }),
    };
    const leave = () => {
      const { me, outgoing } = live.state;
      if (outgoing.length > 0) return void notifications.show({ color: 'yellow', message: t.presence.unsent });
      tellResolved(live);
      const done = () => {
        live.stop();
        if (me) forget(me.id);
        void navigate({ to: '/login', search: {} });
      };
      logout(undefined, { onSettled: done });
    };
    return [
      {
        id: 'palette',
        label: t.palette.open,
        icon: <IconCommand size={18} stroke={1.7} />,
        keys: 'mod+k',
        group: 'go',
        run: openPalette,
      },
      ...go,
      ...(admin
        ? [
            {
              id: 'reports',
              label: t.reports.title,
              icon: <IconChartBar size={18} stroke={1.7} />,
              keys: 'g r',
              group: 'go',
              run: () => void navigate({ to: '/reports/{-$report}', params: {} }),
            } satisfies Command,
          ]
        : []),
      {
        id: 'settings',
        label: t.presence.settings,
        icon: <IconSettings size={18} stroke={1.7} />,
        keys: 'g s',
        group: 'go',
        run: () => void navigate({ to: '/settings/{-$section}/{-$item}', params: {} }),
      },
      ...presence,
      ...pauses,
      ready,
      {
        id: 'scheme',
        label: t.palette.scheme,
        icon: <IconMoon size={18} stroke={1.7} />,
        group: 'you',
        words: 'dark light theme',
        run: toggleColorScheme,
      },
      {
        id: 'help',
        label: t.palette.help,
        icon: <IconKeyboard size={18} stroke={1.7} />,
        keys: '?',
        group: 'you',
        opens: true,
        run: openHelp,
      },
      {
        id: 'logout',
        label: t.presence.logout,
        icon: <IconLogout size={18} stroke={1.7} />,
        group: 'you',
        words: 'sign out',
        run: leave,
      },
    ];
  }, [live, navigate, logout, toggleColorScheme, openPalette, openHelp, admin]);
  useCommands('shell', commands);
}
