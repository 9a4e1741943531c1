import type { Workspace } from '@baton/protocol';
import { NumberInput, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useChange, useWorkspace } from '#data/admin.ts';
import { t } from '#strings/strings.ts';
import { exactLengthOf } from '#ui/duration.ts';
import classes from './page.module.css';
import { Card, Loaded, Page, SaveBar } from './page.tsx';

const words = t.settings.workspace;
/** What is offered to whoever switches it on: a year. */
const USUAL_DAYS = 365;
const DAY_MS = 86_400_000;

/** What holds for the whole workspace: its name, and how long conversations are kept. */
export function WorkspaceSettings() {
  const workspace = useWorkspace();
  return (
    <Page title={t.settings.sections.workspace} text={words.text}>
      <Loaded query={workspace}>{(data) => <Editor key={JSON.stringify(data)} workspace={data} />}</Loaded>
    </Page>
  );
}

function Editor({ workspace }: { workspace: Workspace }) {
  const change = useChange('workspace');
  const [name, setName] = useState(workspace.name);
  const [days, setDays] = useState<number | string | null>(workspace.retentionDays);
  const dirty = name !== workspace.name || days !== workspace.retentionDays;
  const save = () =>
    change.mutate({
      method: 'PATCH',
      path: '/v1/workspace',
      body: { name, retentionDays: days === null ? null : Number(days) },
    });
  return (
    <>
      <Card>
        <TextInput
          label={words.name}
          description={words.nameHint}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          maw={420}
          autoComplete="off"
          dir="auto"
        />
      </Card>
      <Card>
        <div className={classes.form}>
          <Switch
            label={words.retention}
            description={words.retentionHint}
            checked={days !== null}
            onChange={(event) => setDays(event.currentTarget.checked ? USUAL_DAYS : null)}
          />
          {days !== null && (
            <NumberInput label={words.days} value={days} min={1} max={36_500} maw={160} onChange={setDays} />
          )}
          <p className={classes.quiet}>
            {days === null ? words.kept : Number(days) > 0 && words.after(exactLengthOf(Number(days) * DAY_MS))}
          </p>
        </div>
      </Card>
      <SaveBar
        dirty={dirty}
        busy={change.isPending}
        error={change.error}
        onSave={save}
        onRevert={() => {
          setName(workspace.name);
          setDays(workspace.retentionDays);
          change.reset();
        }}
      />
    </>
  );
}
