import { Button } from '@mantine/core';
import { Trouble } from '#screens/settings/page.tsx';
import { Copied, Secret } from '#screens/settings/secret.tsx';
import { t } from '#strings/strings.ts';
import { ConfigInput } from './config-input.tsx';
import classes from './desks.module.css';
import type { SetupStep } from './setup-steps.ts';
import { Step } from './steps.tsx';
import type { Connecting } from './use-connecting.ts';

const words = t.settings.desks;

interface SetupPartProps {
  step: SetupStep;
  number: number;
  connecting: Connecting;
  /** The last one before the desk is made: sends it. */
  connects?: boolean;
  /** Only once the desk is made. */
  later?: boolean;
}

/** A step of the vendor's own: what to click there, and what it gives. */
export function SetupPart({ step, number, connecting, connects = false, later = false }: SetupPartProps) {
  const { made, form, make, mend } = connecting;
  const state = made ? (later ? 'now' : 'done') : later ? 'later' : 'now';
  const saves = later && made !== undefined && step.fields.length > 0;
  return (
    <Step number={number} title={step.title} text={step.text || undefined} state={state}>
      {step.shows === 'inboundUrl' && <Address connecting={connecting} />}
      {state !== 'later' && step.fields.length > 0 && (
        <div className={classes.fields}>
          {step.fields.map((name) => {
            const input = form.input(name);
            return input && <ConfigInput key={name} {...input} onChange={(value) => form.set(name, value)} />;
          })}
        </div>
      )}
      {(connects || saves) && (
        <div className={classes.foot}>
          <Button type="submit" loading={make.isPending || mend.isPending} variant={made ? 'default' : 'filled'}>
            {made ? t.save : words.connect}
          </Button>
          <Trouble error={saves ? mend.error : make.error} />
        </div>
      )}
    </Step>
  );
}

/** What is to be copied from here, once it is there. */
function Address({ connecting: { made, secret } }: { connecting: Connecting }) {
  if (!made?.inboundUrl) return <p className={classes.took}>{words.connectFirst}</p>;
  return (
    <>
      <Copied label={words.inboundUrl} text={made.inboundUrl} />
      {secret && <Secret label={words.madeSecret} text={secret} hint={words.madeSecretHint} />}
    </>
  );
}
