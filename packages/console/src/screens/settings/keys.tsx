import type { Key, Scope } from '@baton/protocol';
import { Button, Checkbox, Modal, Stack, TextInput } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useChange, useList } from '#data/admin.ts';
import { t } from '#strings/strings.ts';
import { Ago } from '#ui/times.tsx';
import { Confirm } from './confirm.tsx';
import classes from './page.module.css';
import { Loaded, Page, Trouble } from './page.tsx';
import { Copied } from './secret.tsx';

const words = t.settings.keys;
const SCOPES = Object.keys(words.scopeNames) as Scope[];

export function Keys() {
  const keys = useList('keys');
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  return (
    <Page
      title={t.settings.sections.keys}
      text={words.text}
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          {words.add}
        </Button>
      }
    >
      <Loaded query={keys}>
        {(all) =>
          all.length === 0 ? (
            <p className={classes.quiet}>{words.none}</p>
          ) : (
            <ul className={classes.rows}>
              {all.map((key) => (
                <KeyRow key={key.id} of={key} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Modal opened={adding} onClose={() => setAdding(false)} title={words.add} size={460}>
        <AddKey
          onClose={(key) => {
            setAdding(false);
            setMade(key);
          }}
        />
      </Modal>
      {/* Not closed by a click beside it: the key is shown this one time. */}
      <Modal
        opened={made !== null}
        onClose={() => setMade(null)}
        title={words.newTitle}
        size={560}
        closeOnClickOutside={false}
      >
        <div className={classes.form}>
          <p className={classes.quiet}>{words.newText}</p>
          <Copied text={made ?? ''} />
        </div>
      </Modal>
    </Page>
  );
}

function KeyRow({ of: key }: { of: Key }) {
  const change = useChange('keys');
  const [asking, setAsking] = useState(false);
  return (
    <li className={classes.row}>
      <IconKey size={20} stroke={1.7} color="var(--faint)" aria-hidden />
      <div className={classes.main}>
        <div className={classes.name}>
          <bdi>{key.name}</bdi>
        </div>
        <div className={classes.about}>{key.scopes.map((scope) => words.scopeNames[scope]).join(' · ')}</div>
      </div>
      <span className={classes.words}>
        {key.lastUsedAt ? (
          <>
            {words.used} <Ago at={key.lastUsedAt} />
          </>
        ) : (
          words.unused
        )}
      </span>
      <Button variant="default" size="compact-sm" onClick={() => setAsking(true)}>
        {words.revoke}
      </Button>
      <Confirm
        opened={asking}
        title={words.revokeTitle(key.name)}
        text={words.revokeText}
        submit={words.revoke}
        busy={change.isPending}
        error={change.error}
        onClose={() => setAsking(false)}
        onConfirm={() => change.mutate({ method: 'DELETE', path: `/v1/keys/${key.id}` })}
      />
    </li>
  );
}

function AddKey({ onClose }: { onClose: (key: string | null) => void }) {
  const change = useChange<Key & { key: string }>('keys', { quiet: true });
  const [scopes, setScopes] = useState<string[]>(['handoffs:write', 'conversations:read', 'conversations:write']);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = { name: String(new FormData(event.currentTarget).get('name')), scopes };
    if (scopes.length > 0)
      change.mutate({ method: 'POST', path: '/v1/keys', body }, { onSuccess: ({ key }) => onClose(key) });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput name="name" label={words.name} required maxLength={100} data-autofocus autoComplete="off" dir="auto" />
      <Checkbox.Group
        label={words.scopes}
        value={scopes}
        onChange={setScopes}
        error={scopes.length === 0 ? words.pick : undefined}
      >
        <Stack gap={8} mt={8}>
          {SCOPES.map((scope) => (
            <Checkbox key={scope} value={scope} label={words.scopeNames[scope]} description={scope} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Trouble error={change.error} />
      <footer className={classes.foot}>
        <Button variant="default" onClick={() => onClose(null)}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={change.isPending}>
          {t.settings.create}
        </Button>
      </footer>
    </form>
  );
}
