import type { Agent } from '@baton/protocol';
import {
  ActionIcon,
  Divider,
  Popover,
  SegmentedControl,
  Switch,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import {
  IconCheck,
  IconKeyboard,
  IconLogout,
  IconMinus,
  IconPlus,
  IconSelector,
  IconSettings,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { sayError } from '#data/api.ts';
import { useAllCommands } from '#data/commands.ts';
import { useDesktopNotices, useSound } from '#data/preferences.ts';
import type { AgentState } from '#data/state.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { backText } from '#ui/back-text.ts';
import { Face } from '#ui/face.tsx';
import classes from './account-menu.module.css';
import { inMinutes, PAUSES } from './shell-commands.tsx';

/** A break has a time to it and its own buttons. */
const STATES = ['online', 'away', 'offline'] as const;
/** As in sidebar.module.css. */
const PHONE = '(max-width: 720px)';
const HINTS = {
  online: t.presence.onlineHint,
  away: t.presence.awayHint,
  offline: t.presence.offlineHint,
};
const MOST_AT_ONCE = 100;

/** Oneself: presence, capacity, how the console looks and sounds, the way out. */
export function AccountMenu({ agent }: { agent: Agent }) {
  const me = usePicture((state) => state.me);
  const active = usePicture((state) => (state.me ? (state.team[state.me.id]?.active ?? 0) : 0));
  const [open, { toggle, close }] = useDisclosure();
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false }) ?? false;
  const presence = me?.presence ?? 'offline';
  const capacity = me?.capacity ?? agent.capacity;
  return (
    // Not a menu: a menu may hold nothing but its items, and here are a stepper and switches.
    <Popover opened={open} onDismiss={close} position="top-start" width={284} offset={6} trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.target} onClick={toggle}>
          <Face seed={agent.id} name={agent.name} picture={agent.avatarUrl} presence={presence} />
          <span className={classes.who}>
            <span className={classes.name} dir="auto">
              <VisuallyHidden>{t.presence.menu}: </VisuallyHidden>
              {agent.name}
              <VisuallyHidden>, </VisuallyHidden>
            </span>
            <span className={classes.state}>
              <PresenceText presence={presence} backAt={me?.backAt ?? null} /> · {t.presence.load(active, capacity)}
            </span>
          </span>
          <IconSelector size={16} className={classes.chevron} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>
        <Presence presence={presence} capacity={capacity} backAt={me?.backAt ?? undefined} onChosen={close} />
        <Divider className={classes.divider} />
        <Likes />
        <Divider className={classes.divider} />
        {/* On a phone the bar has no room for it. */}
        {phone && <CommandItem id="settings" icon={<IconSettings size={16} />} onChosen={close} />}
        <CommandItem id="help" icon={<IconKeyboard size={16} />} onChosen={close} />
        <CommandItem id="logout" icon={<IconLogout size={16} />} onChosen={close} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** What he is, and in a break until when. */
function PresenceText({ presence, backAt }: { presence: AgentState; backAt: string | null }) {
  return (
    <>{[t.presence[presence], ...(presence === 'break' && backAt ? [backText(Date.parse(backAt))] : [])].join(', ')}</>
  );
}

interface PresenceProps {
  presence: AgentState;
  capacity: number;
  /** Of a break. */
  backAt: string | undefined;
  onChosen(): void;
}

function Presence({ presence, capacity, backAt, onChosen }: PresenceProps) {
  const { live } = useConsole();
  const set = (state: AgentState, most: number, until?: string) => {
    live
      .ask({ type: 'presence', state, capacity: most, ...(until && { backAt: until }) })
      .catch((error) => notifications.show({ color: 'red', message: sayError(error) }));
  };
  const choose = (...wanted: Parameters<typeof set>) => {
    set(...wanted);
    onChosen();
  };
  return (
    <>
      {STATES.map((state) => (
        <UnstyledButton
          key={state}
          className={classes.item}
          aria-pressed={state === presence}
          data-autofocus={state === presence || undefined}
          onClick={() => choose(state, capacity)}
        >
          <span className={classes.dot} data-state={state} />
          <span className={classes.label}>
            {t.presence[state]}
            <span className={classes.hint}>{HINTS[state]}</span>
          </span>
          {state === presence && <IconCheck size={16} aria-hidden />}
        </UnstyledButton>
      ))}
      <div className={classes.row}>
        <span>{t.pause.backIn}</span>
      </div>
      <div className={classes.pauses}>
        {PAUSES.map((minutes) => (
          <UnstyledButton
            key={minutes}
            className={classes.pause}
            aria-label={`${t.pause.backIn} ${t.pause.minutes(minutes)}`}
            onClick={() => choose('break', capacity, inMinutes(minutes))}
          >
            {t.pause.minutes(minutes)}
          </UnstyledButton>
        ))}
      </div>
      <Divider className={classes.divider} />
      <div className={classes.row} title={t.presence.capacityHint}>
        <span>{t.presence.capacity}</span>
        <span className={classes.stepper}>
          <ActionIcon
            size="sm"
            variant="default"
            aria-label={t.presence.fewer}
            disabled={capacity <= 1}
            onClick={() => set(presence, capacity - 1, backAt)}
          >
            <IconMinus size={14} />
          </ActionIcon>
          <output className={classes.capacity}>{capacity}</output>
          <ActionIcon
            size="sm"
            variant="default"
            aria-label={t.presence.moreAtOnce}
            disabled={capacity >= MOST_AT_ONCE}
            onClick={() => set(presence, capacity + 1, backAt)}
          >
            <IconPlus size={14} />
          </ActionIcon>
        </span>
      </div>
    </>
  );
}

function Likes() {
  const [sound, setSound] = useSound();
  const [desktop, setDesktop] = useDesktopNotices();
  const { colorScheme, setColorScheme } = useMantineColorScheme();

  const wantDesktop = async (wanted: boolean) => {
    if (!wanted) return setDesktop(false);
    const answer = 'Notification' in window ? await Notification.requestPermission() : 'denied';
    setDesktop(answer === 'granted');
    if (answer !== 'granted') notifications.show({ color: 'yellow', message: t.presence.desktopBlocked });
  };
  return (
    <>
      <div className={classes.row}>
        <Switch
          size="xs"
          label={t.presence.sound}
          checked={sound}
          onChange={(event) => setSound(event.currentTarget.checked)}
        />
      </div>
      <div className={classes.row}>
        <Switch
          size="xs"
          label={t.presence.desktop}
          checked={desktop}
          onChange={(event) => void wantDesktop(event.currentTarget.checked)}
        />
      </div>
      <div className={classes.row}>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t.presence.scheme}
          value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as 'light' | 'dark' | 'auto')}
          data={[
            { value: 'light', label: t.presence.light },
            { value: 'dark', label: t.presence.dark },
            { value: 'auto', label: t.presence.auto },
          ]}
        />
      </div>
    </>
  );
}

function CommandItem({ id, icon, onChosen }: { id: string; icon: ReactNode; onChosen(): void }) {
  const command = useAllCommands().find((one) => one.id === id);
  if (!command) return null;
  const run = () => {
    onChosen();
    command.run();
  };
  return (
    <UnstyledButton className={classes.item} onClick={run}>
      {icon}
      <span className={classes.label}>{command.label}</span>
    </UnstyledButton>
  );
}
