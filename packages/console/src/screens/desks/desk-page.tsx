import type { Adapter, Integration } from '@baton/protocol';
import { Button, Switch, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '#data/admin.ts';
import { ApiProblem } from '#data/api.ts';
import { useHealth } from '#data/desks.ts';
import { Confirm } from '#screens/settings/confirm.tsx';
import page from '#screens/settings/page.module.css';
import { Card, Loaded, SaveBar } from '#screens/settings/page.tsx';
import { Copied } from '#screens/settings/secret.tsx';
import { t } from '#strings/strings.ts';
import { Abilities, HandBack } from './can.tsx';
import { ConfigInput } from './config-input.tsx';
import { BackToDesks } from './connect.tsx';
import { DeskMark } from './desk-mark.tsx';
import { deskState } from './desk-state.ts';
import classes from './desks.module.css';
import { Health } from './health.tsx';
import { Rotate } from './rotate.tsx';
import { StatePill } from './state-pill.tsx';
import { Step, Steps } from './steps.tsx';
import { TestConnection } from './test-connection.tsx';
import { TestHandoff } from './test-handoff.tsx';
import { Troubles } from './troubles.tsx';
import { useConfig } from './use-config.ts';

const words = t.settings.desks;

/** One connected desk: how it is doing, what did not arrive, its settings. */
export function DeskPage({ desk, adapter }: { desk: Integration; adapter: Adapter }) {
  const health = useHealth(desk.id);
  const state = deskState(desk.enabled, health.data);
  return (
    <div className={page.page}>
      <BackToDesks />
      <header className={classes.title}>
        <DeskMark kind={desk.kind} title={adapter.title} size={44} />
        <div className={classes.titleMain}>
          <h2>
            <bdi>{desk.name}</bdi>
          </h2>
          <p>{[adapter.title !== desk.name && adapter.title, words.stateTexts[state]].filter(Boolean).join(' · ')}</p>
        </div>
        <StatePill state={state} />
      </header>
      <Card title={words.tryStep} hint={words.tryText}>
        <div className={page.form}>
          <TestConnection desk={desk.id} />
          <TestHandoff desk={desk.id} name={desk.name} />
        </div>
      </Card>
      <Loaded query={health}>{(data) => <Health health={data} />}</Loaded>
      <Troubles desk={desk.id} calm={state !== 'failing' && state !== 'down'} />
      <Settings desk={desk} adapter={adapter} />
      <Card title={words.can.title}>
        <Abilities can={adapter.can} />
        <HandBack can={adapter.can} />
      </Card>
      <Disconnect desk={desk} />
    </div>
  );
}

function Settings({ desk, adapter }: { desk: Integration; adapter: Adapter }) {
  const change = useChange<Integration>('integrations');
  const form = useConfig(adapter, desk, change.error);
  const [name, setName] = useState(desk.name);
  const [enabled, setEnabled] = useState(desk.enabled);
  const config = form.change();
  const dirty = Object.keys(config).length > 0 || name !== desk.name || enabled !== desk.enabled;
  const save = () =>
    change.mutate(
      { method: 'PATCH', path: `/v1/integrations/${desk.id}`, body: { name, enabled, config } },
      { onSuccess: form.revert },
    );
  const revert = () => {
    form.revert();
    setName(desk.name);
    setEnabled(desk.enabled);
    change.reset();
  };
  return (
    <>
      <Card title={words.settings}>
        <div className={classes.fields}>
          <TextInput
            label={words.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={100}
            autoComplete="off"
            dir="auto"
          />
          {form.fields.map((field) => {
            const input = form.input(field.name);
            return (
              input && <ConfigInput key={field.name} {...input} onChange={(value) => form.set(field.name, value)} />
            );
          })}
          <Switch
            label={words.enabled}
            checked={enabled}
            onChange={(event) => setEnabled(event.currentTarget.checked)}
          />
          {desk.inboundUrl && <Copied label={words.inboundUrl} text={desk.inboundUrl} />}
          <Rotate desk={desk} adapter={adapter} />
        </div>
        {adapter.setup.length > 0 && (
          <details className={classes.setup}>
            <summary>{words.setup}</summary>
            <Steps>
              {adapter.setup.map((step, at) => (
                <Step key={step.title} number={at + 1} title={step.title} text={step.text} />
              ))}
            </Steps>
          </details>
        )}
      </Card>
      <SaveBar dirty={dirty} busy={change.isPending} error={change.error} onSave={save} onRevert={revert} />
    </>
  );
}

/** Removed where nothing names it; else it is switched off, and says so. */
function Disconnect({ desk }: { desk: Integration }) {
  const remove = useChange('integrations');
  const off = useChange('integrations');
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const path = `/v1/integrations/${desk.id}`;
  const used = remove.error instanceof ApiProblem && remove.error.code === 'integration_used';
  const disconnect = () =>
    remove.mutate(
      { method: 'DELETE', path },
      {
        onSuccess: () =>
          navigate({ to: '/settings/{-$section}/{-$item}', params: { section: 'desks', item: undefined } }),
        onError: (error) => {
          if (!(error instanceof ApiProblem) || error.code !== 'integration_used') return;
          off.mutate({ method: 'PATCH', path, body: { enabled: false } }, { onSuccess: () => setAsking(false) });
        },
      },
    );
  return (
    <div className={classes.danger}>
      {used && off.isSuccess && <span className={classes.took}>{words.removed}</span>}
      <Button variant="subtle" color="red" onClick={() => setAsking(true)}>
        {words.disconnect}
      </Button>
      <Confirm
        opened={asking}
        title={words.disconnectTitle(desk.name)}
        text={words.disconnectText}
        submit={words.disconnect}
        busy={remove.isPending || off.isPending}
        error={off.error ?? (used ? null : remove.error)}
        onClose={() => setAsking(false)}
        onConfirm={disconnect}
      />
    </div>
  );
}
