import { useMemo } from 'react';
import type { Teammate } from '#data/state.ts';
import { usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { backText } from '#ui/back-text.ts';
import { Face } from '#ui/face.tsx';
import classes from './team.module.css';

const ORDER = { online: 0, break: 1, away: 2, offline: 3 } as const;

/** The other agents who are here, with how much they have. */
export function Team() {
  const team = usePicture((state) => state.team);
  const me = usePicture((state) => state.me?.id);
  const here = useMemo(() => others(team, me), [team, me]);
  return (
    <section className={classes.team} aria-labelledby="team">
      <h2 id="team" className={classes.title}>
        {t.presence.team}
      </h2>
      {here.length === 0 && <p className={classes.alone}>{t.presence.alone}</p>}
      <ul className={classes.list}>
        {here.map(({ agent, state, backAt, active, capacity, wrapping }) => (
          <li
            key={agent.id}
            className={classes.mate}
            title={[
              `${agent.name}: ${t.presence[state]}`,
              ...(state === 'break' && backAt !== null ? [backText(backAt)] : []),
              ...(wrapping > 0 ? [t.pause.wrappingUp] : []),
              t.presence.load(active, capacity),
            ].join(', ')}
          >
            <Face seed={agent.id} name={agent.name} picture={agent.avatarUrl} size={22} presence={state} />
            <span className={classes.name} dir="auto">
              {agent.name}
            </span>
            <span className={classes.load} data-full={active >= capacity || undefined}>
              {active}/{capacity}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function others(team: Record<string, Teammate>, me: string | undefined): Teammate[] {
  return Object.values(team)
    .filter((mate) => mate.agent.id !== me && mate.state !== 'offline')
    .sort((a, b) => ORDER[a.state] - ORDER[b.state] || a.agent.name.localeCompare(b.agent.name));
}
