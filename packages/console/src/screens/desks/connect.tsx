import type { Adapter, Integration } from '@baton/protocol';
import { Button, TextInput } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { Loaded, Page } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { AdapterCards } from './adapter-cards.tsx';
import { HandBack } from './can.tsx';
import { DeskMark } from './desk-mark.tsx';
import classes from './desks.module.css';
import { SetupPart } from './setup-part.tsx';
import { setupSteps } from './setup-steps.ts';
import { Step, Steps } from './steps.tsx';
import { TestConnection } from './test-connection.tsx';
import { TestHandoff } from './test-handoff.tsx';
import { type Connecting, useConnecting } from './use-connecting.ts';

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
  const connecting = useConnecting(adapter);
  const { made, form, submit } = connecting;
  const { before, after } = setupSteps(adapter, form.fields);
  // The first number is the name's.
  const next = before.length + after.length + 2;
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
      <form onSubmit={submit}>
        <Steps>
          <NameStep connecting={connecting} />
          {before.map((step, at) => (
            <SetupPart
              key={step.title}
              step={step}
              number={at + 2}
              connecting={connecting}
              connects={at === before.length - 1}
            />
          ))}
          {after.map((step, at) => (
            <SetupPart key={step.title} step={step} number={before.length + at + 2} connecting={connecting} later />
          ))}
          <Step number={next} title={words.tryStep} text={words.tryText} state={made ? 'now' : 'later'}>
            {made && (
              <>
                <TestConnection desk={made.id} />
                <TestHandoff desk={made.id} name={made.name} />
                <HandBack can={adapter.can} />
              </>
            )}
          </Step>
          <Step number={next + 1} title={words.last} text={words.lastText} state={made ? 'now' : 'later'}>
            {made && <WhereNext desk={made.id} />}
          </Step>
        </Steps>
      </form>
    </Page>
  );
}

function NameStep({ connecting: { made, name, setName } }: { connecting: Connecting }) {
  return (
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
  );
}

/** To the queues, which have to name the desk, or to the desk itself. */
function WhereNext({ desk }: { desk: Integration['id'] }) {
  const navigate = useNavigate();
  const go = (section: string, item: string | undefined) =>
    void navigate({ to: '/settings/{-$section}/{-$item}', params: { section, item } });
  return (
    <div className={classes.foot}>
      <Button variant="default" onClick={() => go('queues', undefined)}>
        {words.toQueues}
      </Button>
      <Button onClick={() => go('desks', desk)}>{words.finish}</Button>
    </div>
  );
}
