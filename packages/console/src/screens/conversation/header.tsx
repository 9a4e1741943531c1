import type { ConversationSummary } from '@baton/protocol';
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconDots } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import type { Command } from '#data/commands.ts';
import type { Stance } from '#data/picture.ts';
import { usePicture } from '#data/use.ts';
import { waitingSince } from '#data/views.ts';
import { t } from '#strings/strings.ts';
import { Face } from '#ui/face.tsx';
import { Keys } from '#ui/keys.tsx';
import { customerName } from '#ui/names.ts';
import { Running } from '#ui/times.tsx';
import { Verified } from '#ui/verified.tsx';
import classes from './header.module.css';

/** Deeds as buttons, most used last and filled; everything else is in the menu. */
const BUTTONS: Record<Stance['is'], readonly string[]> = {
  mine: ['hold', 'transfer', 'release', 'resolve'],
  bot: ['watch', 'take'],
  queue: ['watch', 'take'],
  other: ['watch', 'take'],
  nobody: ['watch', 'take'],
  closed: [],
};
/** On a phone only these stay buttons. */
const KEPT_SMALL: ReadonlySet<string> = new Set(['take', 'resolve']);
/** Where the pane is narrow these are in the menu only. */
const FIRST_TO_GO: ReadonlySet<string> = new Set(['hold', 'transfer']);
type Room = 'always' | 'narrow' | 'roomy';

/** How much room there must be for a deed to stand as a button. */
function roomFor(deed: Command): Room {
  return KEPT_SMALL.has(deed.id) ? 'always' : FIRST_TO_GO.has(deed.id) ? 'roomy' : 'narrow';
}

interface HeaderProps {
  row: ConversationSummary;
  stance: Stance;
  held: boolean;
  deeds: Command[];
  panel: boolean;
}

export function Header({ row, stance, held, deeds, panel }: HeaderProps) {
  const { view = 'queue' } = useParams({ strict: false });
  const byId = (id: string) => deeds.find((deed) => deed.id === id);
  const buttons = BUTTONS[stance.is].flatMap((id) => byId(id) ?? []);
  const toggle = byId('panel');
  return (
    <header className={classes.header}>
      <Link to="/inbox/$view" params={{ view }} className={classes.back} aria-label={t.back}>
        <IconChevronLeft size={22} />
      </Link>
      <div className={classes.face}>
        <Face seed={row.customer.id} name={row.customer.name} size={34} />
      </div>
      <div className={classes.who}>
        <h1 className={classes.name}>
          <bdi>{customerName(row.customer)}</bdi>
          {row.customer.verified && <Verified />}
        </h1>
        <p className={classes.state}>
          <StateWords row={row} stance={stance} held={held} />
        </p>
      </div>
      <div className={classes.deeds}>
        {buttons.map((deed, at) => (
          <Tooltip key={deed.id} label={<DeedHint deed={deed} />}>
            <Button
              size="compact-md"
              className={classes.deed}
              data-room={roomFor(deed)}
              variant={at === buttons.length - 1 ? 'filled' : 'default'}
              leftSection={deed.icon}
              onClick={deed.run}
              aria-label={deed.label}
            >
              {deed.label}
            </Button>
          </Tooltip>
        ))}
        <More deeds={deeds.filter((deed) => deed.id !== 'panel')} />
        {toggle && (
          <Tooltip label={<DeedHint deed={toggle} />}>
            <ActionIcon
              size="lg"
              aria-label={toggle.label}
              aria-pressed={panel}
              data-pressed={panel || undefined}
              className={classes.toggle}
              onClick={toggle.run}
            >
              {toggle.icon}
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </header>
  );
}

/** Name and key: narrow panes show the button without its words. */
function DeedHint({ deed }: { deed: Command }) {
  return (
    <span style={{ display: 'flex', gap: 8 }}>
      {deed.label} {deed.keys && <Keys keys={deed.keys} />}
    </span>
  );
}

/** All deeds, also those that stand as buttons: in a narrow pane there is no room for them. */
function More({ deeds }: { deeds: Command[] }) {
  return (
    <Menu position="bottom-end" width={264} returnFocus={false}>
      <Menu.Target>
        <ActionIcon size="lg" aria-label={t.deeds.more}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {deeds.map((deed) => (
          <Menu.Item
            key={deed.id}
            leftSection={deed.icon}
            rightSection={deed.keys && <Keys keys={deed.keys} />}
            onClick={deed.run}
          >
            {deed.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function StateWords({ row, stance, held }: { row: ConversationSummary; stance: Stance; held: boolean }) {
  const resolving = usePicture((state) => state.resolving.some((one) => one.conversation === row.id));
  const channel = row.channel.name && <> · {row.channel.name}</>;
  switch (stance.is) {
    case 'queue':
      return (
        <>
          {t.holder.queue} <Running since={waitingSince(row)} />
          {row.handoff && <> · {t.reasons[row.handoff.reason]}</>}
        </>
      );
    case 'mine':
      return (
        <>
          {resolving ? t.outcomes.resolved : held ? t.state.held : t.state.mine}
          {channel}
        </>
      );
    case 'other':
      return (
        <>
          {t.state.other(stance.name)}
          {channel}
        </>
      );
    case 'bot':
    case 'nobody':
    case 'closed':
      return (
        <>
          {t.state[stance.is]}
          {channel}
        </>
      );
  }
}
