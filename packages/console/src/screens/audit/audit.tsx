import type { AuditEntry } from '@baton/protocol';
import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useList } from '#data/admin.ts';
import { usePages } from '#data/pages.ts';
import page from '#screens/settings/page.module.css';
import { Loaded, Page } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { momentOf } from '#ui/duration.ts';
import { Face } from '#ui/face.tsx';
import { Ago } from '#ui/times.tsx';
import classes from './audit.module.css';
import { actionWords, detailWords } from './audit-words.ts';

const words = t.settings.audit;
/** What is typed is looked for when one pauses. */
const PAUSE_MS = 300;

/** Settings → Audit log: who of the staff did what. */
export function Audit() {
  const { data: agents = [] } = useList('agents');
  const { data: keys = [] } = useList('keys');
  const nameOf = useNames();
  const [actor, setActor] = useState<string | null>(null);
  const [action, setAction] = useState<string | null>(null);
  const [target, setTarget] = useState('');
  const [wanted] = useDebouncedValue(target.trim(), PAUSE_MS);
  const filter = { actor: actor ?? undefined, action: action ?? undefined, target: wanted || undefined };
  const entries = usePages<AuditEntry>(['audit', filter], '/v1/audit', filter);
  const filtered = actor !== null || action !== null || wanted !== '';
  const clear = () => {
    setActor(null);
    setAction(null);
    setTarget('');
  };
  return (
    <Page title={t.settings.sections.audit} text={words.text}>
      <search className={classes.filters}>
        <Select
          label={words.who}
          placeholder={words.anybody}
          data={[...agents, ...keys].map(({ id, name }) => ({ value: id, label: name }))}
          value={actor}
          onChange={setActor}
          searchable
          clearable
        />
        <Select
          label={words.what}
          placeholder={words.anything}
          data={Object.entries(words.actions).map(([value, label]) => ({ value, label }))}
          value={action}
          onChange={setAction}
          searchable
          clearable
        />
        <TextInput
          label={words.target}
          placeholder={words.targetHint}
          value={target}
          onChange={(event) => setTarget(event.currentTarget.value)}
          maxLength={100}
          spellCheck={false}
          autoComplete="off"
        />
      </search>
      <Loaded query={entries}>
        {() =>
          entries.all.length === 0 ? (
            <p className={page.quiet}>
              {filtered ? words.noneOf : words.none}{' '}
              {filtered && (
                <Button variant="subtle" size="compact-sm" onClick={clear}>
                  {words.clear}
                </Button>
              )}
            </p>
          ) : (
            <ul className={page.rows}>
              {entries.all.map((entry) => (
                <Entry key={entry.id} entry={entry} nameOf={nameOf} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {entries.hasNextPage && (
        <Button
          mt={12}
          variant="default"
          onClick={() => void entries.fetchNextPage()}
          loading={entries.isFetchingNextPage}
        >
          {words.more}
        </Button>
      )}
    </Page>
  );
}

/** What is still there has a name; what is gone keeps its id only. */
function useNames(): (id: string) => string | undefined {
  const agents: Named[] = useList('agents').data ?? [];
  const keys: Named[] = useList('keys').data ?? [];
  const queues: Named[] = useList('queues').data ?? [];
  const integrations: Named[] = useList('integrations').data ?? [];
  const webhooks = (useList('webhooks').data ?? []).map(({ id, url }): Named => ({ id, name: url }));
  const names = new Map(
    [...agents, ...keys, ...queues, ...integrations, ...webhooks].map(({ id, name }) => [id, name]),
  );
  return (id) => names.get(id);
}

interface Named {
  id: string;
  name: string;
}

function Entry({ entry, nameOf }: { entry: AuditEntry; nameOf: (id: string) => string | undefined }) {
  const { actor, action, target, address, detail, at } = entry;
  const who = actor.name ?? (actor.kind === 'nobody' ? words.nobody : ((actor.id && nameOf(actor.id)) ?? words.key));
  const more = detailWords(detail);
  return (
    <li className={classes.entry}>
      <Face seed={actor.id ?? 'nobody'} name={who} size={28} kind={actor.kind === 'key' ? 'bot' : 'person'} />
      <div className={page.main}>
        <p className={classes.head}>
          <bdi className={classes.who}>{who}</bdi>
          <span>{actionWords(action)}</span>
          {more && <span className={classes.more}>{more}</span>}
        </p>
        <p className={classes.about}>
          {target && target !== actor.id && nameOf(target) && <bdi className={classes.what}>{nameOf(target)}</bdi>}
          {target && target !== actor.id && <code>{target}</code>}
          {address && (
            <span>
              {words.from} {address}
            </span>
          )}
        </p>
      </div>
      <span className={classes.when} title={momentOf(Date.parse(at))}>
        <Ago at={at} />
      </span>
    </li>
  );
}
