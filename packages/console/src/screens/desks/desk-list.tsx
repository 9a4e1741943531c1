import type { Adapter, Integration } from '@baton/protocol';
import { Button } from '@mantine/core';
import { IconChevronRight, IconPlus } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useHealth } from '#data/desks.ts';
import page from '#screens/settings/page.module.css';
import { Loaded, Page } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { AdapterCards } from './adapter-cards.tsx';
import { DeskMark } from './desk-mark.tsx';
import { deskState } from './desk-state.ts';
import classes from './desks.module.css';
import { StatePill } from './state-pill.tsx';

const words = t.settings.desks;
const NEW = { section: 'desks', item: 'new' };

interface DeskListProps {
  adapters: UseQueryResult<Adapter[]>;
  integrations: UseQueryResult<Integration[]>;
}

/** What is connected and how it is doing. */
export function DeskList({ adapters, integrations }: DeskListProps) {
  const navigate = useNavigate();
  const connect = (kind?: string) =>
    void navigate({ to: '/settings/{-$section}/{-$item}', params: NEW, state: kind === undefined ? {} : { kind } });
  const desks = integrations.data?.filter(({ side }) => side === 'desk') ?? [];
  return (
    <Page
      title={t.settings.sections.desks}
      text={words.text}
      action={
        desks.length > 0 && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => connect()}>
            {words.add}
          </Button>
        )
      }
    >
      <Loaded query={integrations}>
        {() =>
          desks.length > 0 ? (
            <ul className={page.rows}>
              {desks.map((desk) => (
                <DeskRow key={desk.id} desk={desk} adapter={adapters.data?.find(({ kind }) => kind === desk.kind)} />
              ))}
            </ul>
          ) : (
            <section className={classes.none}>
              <h3>{words.noneTitle}</h3>
              <p>{words.noneText}</p>
              <Loaded query={adapters}>{(all) => <AdapterCards adapters={all} onPick={connect} />}</Loaded>
            </section>
          )
        }
      </Loaded>
    </Page>
  );
}

function DeskRow({ desk, adapter }: { desk: Integration; adapter: Adapter | undefined }) {
  const { data: health } = useHealth(desk.id);
  const title = adapter?.title ?? desk.kind;
  const lost = health ? health.trouble.failed + health.trouble.unknown : 0;
  return (
    <li className={classes.row} data-off={!desk.enabled || undefined}>
      <DeskMark kind={desk.kind} title={title} />
      <div className={page.main}>
        <div className={page.name}>
          <Link
            to="/settings/{-$section}/{-$item}"
            params={{ section: 'desks', item: desk.id }}
            className={classes.open}
          >
            <bdi>{desk.name}</bdi>
          </Link>
          {title !== desk.name && <span className={page.badge}>{title}</span>}
        </div>
        <div className={page.about}>
          {health && health.open > 0 ? words.openHere(health.open) : words.stateTexts[deskState(desk.enabled, health)]}
        </div>
      </div>
      {lost > 0 && <span className={classes.lost}>{words.didNotArrive(lost)}</span>}
      <StatePill state={deskState(desk.enabled, health)} />
      <IconChevronRight size={18} stroke={1.8} color="var(--faint)" aria-hidden />
    </li>
  );
}
