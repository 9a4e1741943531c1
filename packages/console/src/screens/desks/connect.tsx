import type { Adapter, Integration } from '@baton/protocol';
import { Button, TextInput } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useChange } from '#data/admin.ts';
import { Loaded, Page, Trouble } from '#screens/settings/page.tsx';
import { Copied, Secret } from '#screens/settings/secret.tsx';
import { t } from '#strings/strings.ts';
import { AdapterCards } from './adapter-cards.tsx';
import { HandBack } from './can.tsx';
import { MASK, NOT_YET } from './config-fields.ts';
import { ConfigInput } from './config-input.tsx';
import { DeskMark } from './desk-mark.tsx';
import classes from './desks.module.css';
import { type SetupStep, Step, Steps } from './steps.tsx';
import { TestConnection } from './test-connection.tsx';
import { TestHandoff } from './test-handoff.tsx';
import { type ConfigForm, useConfig } from './use-config.ts';

const words = t.settings.desks;

/** Connecting a desk: which one, then step by step. */
export function Connect({ adapters }: { adapters: UseQueryResult<Adapter[]> }) {
  const wished = useRouterState({ select: ({ location }) => location.state.kind });
  const [kind, setKind] = useState(wished);
  const adapter = adapters.data?.find((one) => one.kind === kind);
  if (adapter) return <ConnectSteps adapter={adapter} onBack={() => setKind(undefined)} />;
  return (
    <Page title={words.pickTitle} text={words.text} back={<BackToDesks />}>
      <Loaded query={adapters}>{(all) => <AdapterCards adapters={all} onPick={setKind} />}</Loaded>
    </Page>
  );
}

export function BackToDesks() {
  return (
    <Link to="/settings/{-$section}/{-$item}" params={{ section: 'desks', item: undefined }} className={classes.back}>
      <IconChevronLeft size={18} aria-hidden /> {words.back}
    </Link>
  );
}

function ConnectSteps({ adapter, onBack }: { adapter: Adapter; onBack: () => void }) {
  const make = useChange<Integration>('integrations', { quiet: true });
  const mend = useChange<Integration>('integrations', { quiet: true });
  const [made, setMade] = useState<Integration | undefined>();
  const [name, setName] = useState(adapter.title);
  const form = useConfig(adapter, made, mend.error ?? make.error);
  const { before, after } = stepsOf(adapter, form);
  const later = made ? 'now' : 'later';
  const secret = adapter.made.find((one) => one !== 'inboundSecret' && typeof made?.config[one] === 'string');
  const navigate = useNavigate();
  const go = (params: { section: string; item: string | undefined }) =>
    void navigate({ to: '/settings/{-$section}/{-$item}', params });

  const connect = (event: FormEvent) => {
    event.preventDefault();
    if (made) {
      const body = { name, config: form.change() };
      mend.mutate({ method: 'PATCH', path: `/v1/integrations/${made.id}`, body }, { onSuccess: keep });
      return;
    }
    const body = { side: 'desk', kind: adapter.kind, name, config: form.change() };
    make.mutate({ method: 'POST', path: '/v1/integrations', body }, { onSuccess: keep });
  };
  const keep = (desk: Integration) => {
    // What was made for it is shown this one time: a later answer does not have it any more.
    setMade((known) => ({ ...desk, config: { ...covered(adapter, desk.config), ...madeOf(adapter, known) } }));
    form.revert();
  };

  return (
    <Page
      title={words.connectTitle(adapter.title)}
      text={words.connectText}
      action={<DeskMark kind={adapter.kind} title={adapter.title} size={44} />}
      back={
        <button type="button" className={classes.back} onClick={onBack}>
          <IconChevronLeft size={18} aria-hidden /> {words.otherDesk}
        </button>
      }
    >
      <form onSubmit={connect}>
        <Steps>
          <Step number={1} title={words.nameStep} state={made ? 'done' : 'now'}>
            <div className={classes.fields}>
              <TextInput
                label={words.name}
                description={words.nameHint}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                required
                maxLength={100}
                autoComplete="off"
                dir="auto"
              />
            </div>
          </Step>
          {before.map((step, at) => (
            <SetupPart key={step.title} step={step} number={at + 2} form={form} state={made ? 'done' : 'now'}>
              {at === before.length - 1 && (
                <Submit
                  made={made !== undefined}
                  busy={make.isPending || (mend.isPending && after.length === 0)}
                  error={make.error}
                />
              )}
            </SetupPart>
          ))}
          {after.map((step, at) => (
            <SetupPart
              key={step.title}
              step={step}
              number={before.length + at + 2}
              form={form}
              state={later}
              above={step.shows === 'inboundUrl' && <Address made={made} secret={secret} />}
            >
              {made && step.fields.length > 0 && (
                <div className={classes.foot}>
                  <Button variant="default" type="submit" loading={mend.isPending}>
                    {t.save}
                  </Button>
                  <Trouble error={mend.error} />
                </div>
              )}
            </SetupPart>
          ))}
          <Step number={before.length + after.length + 2} title={words.tryStep} text={words.tryText} state={later}>
            {made && (
              <>
                <TestConnection desk={made.id} />
                <TestHandoff desk={made.id} name={made.name} />
                <HandBack can={adapter.can} />
              </>
            )}
          </Step>
          <Step number={before.length + after.length + 3} title={words.last} text={words.lastText} state={later}>
            {made && (
              <div className={classes.foot}>
                <Button variant="default" onClick={() => go({ section: 'queues', item: undefined })}>
                  {words.toQueues}
                </Button>
                <Button onClick={() => go({ section: 'desks', item: made.id })}>{words.finish}</Button>
              </div>
            )}
          </Step>
        </Steps>
      </form>
    </Page>
  );
}

/** Secrets that were entered are not shown again, also where the answer has them. */
function covered(adapter: Adapter, config: Integration['config']): Integration['config'] {
  const entered = adapter.secrets.filter((name) => !adapter.made.includes(name) && config[name] !== undefined);
  const isYet = (name: string) => config[name] !== NOT_YET;
  return { ...config, ...Object.fromEntries(entered.map((name) => [name, isYet(name) ? MASK : undefined])) };
}

function madeOf(adapter: Adapter, known: Integration | undefined): Record<string, unknown> {
  return Object.fromEntries(
    adapter.made.flatMap((name) => (known?.config[name] === undefined ? [] : [[name, known.config[name]]])),
  );
}

/**
 * The steps before it can be made, and those that need its address. Whatever is required and named by no step, or only by a
 * later one, is asked for before.
 */
function stepsOf(adapter: Adapter, form: ConfigForm): { before: SetupStep[]; after: SetupStep[] } {
  const turn = adapter.setup.findIndex(({ shows }) => shows !== null);
  const cut = turn === -1 ? adapter.setup.length : turn;
  const before = adapter.setup.slice(0, cut);
  const asked = new Set(before.flatMap(({ fields }) => fields));
  const missing = form.fields.filter(
    (field) => field.required && !field.later && field.usual === undefined && !asked.has(field.name),
  );
  const needed: SetupStep = {
    title: words.alsoNeeded,
    text: '',
    fields: missing.map(({ name }) => name),
    shows: null,
  };
  const wanted = new Set(needed.fields);
  const after = adapter.setup
    .slice(cut)
    .map((step) => ({ ...step, fields: step.fields.filter((name) => !wanted.has(name)) }));
  return {
    before: missing.length > 0 || before.length === 0 ? [...before, needed] : before,
    after: after.length > 0 ? after : [{ title: words.inboundUrl, text: '', fields: [], shows: 'inboundUrl' }],
  };
}

function SetupPart({
  step,
  number,
  form,
  state,
  above,
  children,
}: {
  step: SetupStep;
  number: number;
  form: ConfigForm;
  state: 'now' | 'done' | 'later';
  above?: React.ReactNode;
  children?: React.ReactNode;
}) {
  return (
    <Step number={number} title={step.title} text={step.text || undefined} state={state}>
      {above}
      {state !== 'later' && step.fields.length > 0 && (
        <div className={classes.fields}>
          {step.fields.map((name) => {
            const input = form.input(name);
            return input && <ConfigInput key={name} {...input} onChange={(value) => form.set(name, value)} />;
          })}
        </div>
      )}
      {children}
    </Step>
  );
}

/** What is to be copied from here, once it is there. */
function Address({ made, secret }: { made: Integration | undefined; secret: string | undefined }) {
  if (!made?.inboundUrl) return <p className={classes.took}>{words.connectFirst}</p>;
  return (
    <>
      <Copied label={words.inboundUrl} text={made.inboundUrl} />
      {secret !== undefined && (
        <Secret label={words.madeSecret} text={String(made.config[secret])} hint={words.madeSecretHint} />
      )}
    </>
  );
}

function Submit({ made, busy, error }: { made: boolean; busy: boolean; error: Error | null }) {
  return (
    <div className={classes.foot}>
      <Button type="submit" loading={busy} variant={made ? 'default' : 'filled'}>
        {made ? t.save : words.connect}
      </Button>
      <Trouble error={error} />
    </div>
  );
}
