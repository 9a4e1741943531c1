import type { Agent } from '@baton/protocol';
import {
  ActionIcon,
  Menu,
  SegmentedControl,
  Switch,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCheck, IconKeyboard, IconLogout, IconMinus, IconPlus, IconSelector } from '@tabler/icons-react';
import { sayError } from '#data/api.ts';
import { useAllCommands } from '#data/commands.ts';
import { useDesktopNotices, useSound } from '#data/preferences.ts';
import type { AgentState } from '#data/state.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { backText } from '#ui/back-text.ts';
import { Face } from '#ui/face.tsx';
import classes from './account-menu.module.css';

/** A break has a time to it and its own buttons. */
const STATES = ['online', 'away', 'offline'] as const;
const PAUSES = [5, 15, 30, 60];
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
  const presence = me?.presence ?? 'offline';
  const capacity = me?.capacity ?? agent.capacity;
  return (
    <Menu position="top-start" width={268} offset={6}>
      <Menu.Target>
        <UnstyledButton className={classes.target}>
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
      </Menu.Target>
      <Menu.Dropdown>
        <PresenceItems presence={presence} capacity={capacity} backAt={me?.backAt ?? undefined} />
        <Menu.Divider />
        <Likes />
        <Menu.Divider />
        <CommandItem id="help" icon={<IconKeyboard size={16} />} />
        <CommandItem id="logout" icon={<IconLogout size={16} />} />
      </Menu.Dropdown>
    </Menu>
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
}

function PresenceItems({ presence, capacity, backAt }: PresenceProps) {
  const { live } = useConsole();
  const set = (state: AgentState, most: number, until?: string) => {
    live
      .ask({ type: 'presence', state, capacity: most, ...(until && { backAt: until }) })
      .catch((error) => notifications.show({ color: 'red', message: sayError(error) }));
  };
  return (
    <>
      {STATES.map((state) => (
        <Menu.Item
          key={state}
          leftSection={<span className={classes.dot} data-state={state} />}
          rightSection={state === presence && <IconCheck size={16} />}
          onClick={() => set(state, capacity)}
        >
          {t.presence[state]}
          <span className={classes.hint}>{HINTS[state]}</span>
        </Menu.Item>
      ))}
      <div className={classes.row}>
        <span>{t.pause.backIn}</span>
      </div>
      <div className={classes.pauses}>
        {PAUSES.map((minutes) => (
          <Menu.Item
            key={minutes}
            className={classes.pause}
            aria-label={`${t.pause.backIn} ${t.pause.minutes(minutes)}`}
            onClick={() => set('break', capacity, new Date(Date.now() + minutes * 60_000).toISOString())}
          >
            {t.pause.minutes(minutes)}
          </Menu.Item>
        ))}
      </div>
      <Menu.Divider />
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

function CommandItem({ id, icon }: { id: string; icon: React.ReactNode }) {
  const command = useAllCommands().find((one) => one.id === id);
  if (!command) return null;
  return (
    <Menu.Item leftSection={icon} onClick={command.run}>
      {command.label}
    </Menu.Item>
  );
}
