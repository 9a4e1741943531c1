import type { Handoff } from '@baton/protocol';
import { IconExternalLink } from '@tabler/icons-react';
import { safeUrl } from '#screens/conversation/linkify.ts';
import { useReach } from '#screens/conversation/reach-context.tsx';
import { t } from '#strings/strings.ts';
import classes from './place.module.css';

const words = t.settings.desks;

/** Where a conversation lives besides here: its ticket there, and whether everything that was said is in it. */
export function Place({ handoff }: { handoff: Handoff }) {
  const known = useReach();
  const name = known?.nameOf(handoff.desk ?? '') ?? '';
  const over = handoff.phase === 'ended';
  const mine = [...(known?.reach.values() ?? [])].filter(({ desk }) => desk === handoff.desk);
  const going = mine.filter(({ state }) => state === 'going' || state === 'again').length;
  const missing = mine.filter(({ state }) => state === 'failed' || state === 'unknown').length;
  const { ticket, agent } = handoff;
  const url = ticket?.url && safeUrl(ticket.url);
  return (
    <div className={classes.place}>
      <p className={classes.name} dir="auto">
        {over ? words.placeWas(name) : words.placeNow(name)}
        {agent && !over && <span className={classes.agent}>{agent.name}</span>}
      </p>
      {ticket ? (
        url ? (
          <a href={url} target="_blank" rel="noopener noreferrer" className={classes.ticket}>
            {words.ticket(ticket.id)} <IconExternalLink size={14} aria-hidden />
          </a>
        ) : (
          <p className={classes.ticket}>{words.ticket(ticket.id)}</p>
        )
      ) : (
        !over && <p className={classes.text}>{words.noTicket}</p>
      )}
      {ticket && mine.length > 0 && (
        <p className={classes.text} data-bad={missing > 0 || undefined}>
          {missing > 0 ? words.notThere(missing) : going > 0 ? words.onItsWay(going) : words.allThere}
        </p>
      )}
    </div>
  );
}
