import type { Workspace } from '@baton/protocol';
import { NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useChange, useWorkspace } from '#data/admin.ts';
import { t } from '#strings/strings.ts';
import { LimitField } from './limit-field.tsx';
import { LIMIT_GROUPS, type LimitName } from './limits.ts';
import classes from './page.module.css';
import { Card, Loaded, Page, SaveBar } from './page.tsx';

const words = t.settings.timing;
type Group = keyof typeof LIMIT_GROUPS;

export function Timing() {
  const workspace = useWorkspace();
  return (
    <Page title={t.settings.sections.timing} text={words.text}>
      <Loaded query={workspace}>{({ rules }) => <Editor key={JSON.stringify(rules)} rules={rules} />}</Loaded>
    </Page>
  );
}

function Editor({ rules }: { rules: Workspace['rules'] }) {
  const change = useChange('workspace');
  const [limits, setLimits] = useState(rules.limits);
  const [voice, setVoice] = useState(rules.voice);
  const [botTries, setBotTries] = useState<number | string>(rules.botTries);
  const edited = { limits, voice, botTries };
  const dirty =
    JSON.stringify(edited) !== JSON.stringify({ limits: rules.limits, voice: rules.voice, botTries: rules.botTries });
  const set = (name: LimitName, value: number | null) => setLimits((before) => ({ ...before, [name]: value }));
  return (
    <>
      {(Object.keys(LIMIT_GROUPS) as Group[]).map((group) => (
        <Card key={group} title={words.groups[group]}>
          {LIMIT_GROUPS[group].map((name) => (
            <LimitField key={name} name={name} value={limits[name]} onChange={(value) => set(name, value)} />
          ))}
        </Card>
      ))}
      <Card>
        <div className={classes.pair}>
          <TextInput
            label={words.voice}
            value={voice}
            maxLength={60}
            onChange={(event) => setVoice(event.currentTarget.value)}
            dir="auto"
          />
          <NumberInput label={words.botTries} value={botTries} min={1} max={5} onChange={setBotTries} />
        </div>
      </Card>
      <SaveBar
        dirty={dirty}
        busy={change.isPending}
        error={change.error}
        onSave={() => change.mutate({ method: 'PATCH', path: '/v1/workspace', body: { rules: edited } })}
        onRevert={() => {
          setLimits(rules.limits);
          setVoice(rules.voice);
          setBotTries(rules.botTries);
          change.reset();
        }}
      />
    </>
  );
}
