import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { sayError } from '#data/api.ts';
import type { Ask } from '#data/live.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { Keys } from '#ui/keys.tsx';
import classes from './nudges.module.css';

/** As wide as sidebar.module.css wants it: narrower, the sidebar shows icons only and these stand above the list. */
const ROOMY = '(min-width: 1181px)';

export function useRoomForNudges(): boolean {
  return useMediaQuery(ROOMY, undefined, { getInitialValueInEffect: false }) ?? true;
}

/** Why nothing new comes to this agent, and the one click that mends it. */
export function Nudges() {
  const presence = usePicture((state) => state.me?.presence);
  const wrapping = usePicture((state) => (state.me ? (state.team[state.me.id]?.wrapping ?? 0) : 0));
  return (
    <>
      {/* Whoever sits here and is not online waits in vain. */}
      {presence !== undefined && presence !== 'online' && (
        <Nudge
          text={t.presence.notOffered(t.presence[presence].toLowerCase())}
          deed={t.presence.goOnline}
          keys="o"
          frame={{ type: 'presence', state: 'online' }}
        />
      )}
      {/* Who is done with his notes before the time says so takes the next one now. */}
      {wrapping > 0 && (
        <Nudge text={t.pause.wrapping(wrapping)} deed={t.pause.ready} keys="y" frame={{ type: 'ready' }} />
      )}
    </>
  );
}

function Nudge({ text, deed, keys, frame }: { text: string; deed: string; keys: string; frame: Ask }) {
  const { live } = useConsole();
  const run = () => {
    live.ask(frame).catch((error) => notifications.show({ color: 'red', message: sayError(error) }));
  };
  return (
    <div className={classes.nudge} role="status">
      <p>{text}</p>
      <Button size="xs" variant="light" className={classes.deed} rightSection={<Keys keys={keys} />} onClick={run}>
        {deed}
      </Button>
    </div>
  );
}
