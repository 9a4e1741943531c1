import { Link, useNavigate, useParams, useRouteContext } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useEffect, useRef } from 'react';
import { Audit } from '#screens/audit/audit.tsx';
import { Desks } from '#screens/desks/desks.tsx';
import { Roster } from '#screens/roster/roster.tsx';
import { Webhooks } from '#screens/webhooks/webhooks.tsx';
import { t } from '#strings/strings.ts';
import { BackTitle } from '#ui/back-title.tsx';
import { Agents } from './agents.tsx';
import { Bots } from './bots.tsx';
import { Escalation } from './escalation.tsx';
import { Keys } from './keys.tsx';
import { Profile } from './profile.tsx';
import { Queues } from './queues.tsx';
import classes from './settings.module.css';
import { Timing } from './timing.tsx';
import { Widgets } from './widgets.tsx';
import { WorkspaceSettings } from './workspace.tsx';

type SectionName = keyof typeof t.settings.sections;

const SECTIONS: Record<SectionName, { group: keyof typeof t.settings.groups; screen: ComponentType; admin: boolean }> =
  {
    profile: { group: 'you', screen: Profile, admin: false },
    agents: { group: 'people', screen: Agents, admin: true },
    queues: { group: 'people', screen: Queues, admin: true },
    roster: { group: 'people', screen: Roster, admin: true },
    escalation: { group: 'automation', screen: Escalation, admin: true },
    timing: { group: 'automation', screen: Timing, admin: true },
    bots: { group: 'automation', screen: Bots, admin: true },
    widget: { group: 'connect', screen: Widgets, admin: true },
    desks: { group: 'connect', screen: Desks, admin: true },
    webhooks: { group: 'connect', screen: Webhooks, admin: true },
    keys: { group: 'connect', screen: Keys, admin: true },
    workspace: { group: 'workspace', screen: WorkspaceSettings, admin: true },
    audit: { group: 'workspace', screen: Audit, admin: true },
  };

/** The workspace as admins set it up; everybody has his own profile. */
export function Settings() {
  const { section: wanted } = useParams({ strict: false });
  const { session } = useRouteContext({ from: '/shell' });
  const navigate = useNavigate();
  const names = (Object.keys(SECTIONS) as SectionName[]).filter(
    (name) => !SECTIONS[name].admin || session.agent.role !== 'agent',
  );
  const name = names.find((each) => each === wanted);
  useEffect(() => {
    if (!name)
      void navigate({
        to: '/settings/{-$section}/{-$item}',
        params: { section: 'profile', item: undefined },
        replace: true,
      });
  }, [name, navigate]);
  const nav = useRef<HTMLElement>(null);
  // On a phone the sections stand in one line, longer than the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another section is another place in the line
  useEffect(() => {
    nav.current?.querySelector('[data-active]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [name]);
  if (!name) return null;
  const Screen = SECTIONS[name].screen;
  return (
    <div className={classes.settings}>
      <nav ref={nav} className={classes.nav} aria-label={t.settings.title}>
        <header className={classes.head}>
          <BackTitle title={t.settings.title} />
        </header>
        <div className={classes.links}>
          {names.map((each, at) => {
            const group = SECTIONS[each].group;
            const before = names[at - 1];
            return (
              <div key={each} className={classes.entry}>
                {(!before || SECTIONS[before].group !== group) && (
                  <p className={classes.group}>{t.settings.groups[group]}</p>
                )}
                <Link
                  to="/settings/{-$section}/{-$item}"
                  params={{ section: each, item: undefined }}
                  className={classes.link}
                  activeProps={{ 'data-active': true }}
                >
                  {t.settings.sections[each]}
                </Link>
              </div>
            );
          })}
        </div>
      </nav>
      <div className={classes.content}>
        <Screen key={name} />
      </div>
    </div>
  );
}
