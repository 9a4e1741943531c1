import type { Agent } from '@baton/protocol';
import { Button, NumberInput, TagsInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useChange, useList } from '#data/admin.ts';
import { t } from '#strings/strings.ts';
import classes from './page.module.css';
import { Trouble } from './page.tsx';

const words = t.work;
const LANGUAGE = /^[a-z]{2,3}$/;

/** What an agent is able to do, and how much of it at once. */
export function AgentWork({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const change = useChange('agents');
  const { data: integrations = [] } = useList('integrations');
  const { data: agents = [] } = useList('agents');
  const kinds = [...new Set(integrations.filter(({ side }) => side === 'channel').map(({ kind }) => kind))].sort();
  const [capacity, setCapacity] = useState<number | string>(agent.capacity);
  const [skills, setSkills] = useState(agent.skills ?? []);
  const [languages, setLanguages] = useState(agent.languages ?? []);
  const [weights, setWeights] = useState(agent.weights);
  const [wrapUp, setWrapUp] = useState<number | string>(agent.wrapUpSeconds ?? '');
  const wrongLanguage = languages.some((one) => !LANGUAGE.test(one));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      capacity: Number(capacity),
      skills: skills.length > 0 ? skills : null,
      languages: languages.length > 0 ? languages : null,
      weights,
      wrapUpSeconds: wrapUp === '' ? null : Number(wrapUp),
    };
    change.mutate({ method: 'PATCH', path: `/v1/agents/${agent.id}`, body }, { onSuccess: onClose });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <NumberInput
        label={words.capacity}
        min={0}
        max={100}
        allowDecimal={false}
        value={capacity}
        onChange={setCapacity}
        required
      />
      <TagsInput
        label={words.skills}
        description={words.skillsHint}
        data={[...new Set(agents.flatMap((one) => one.skills ?? []))].sort()}
        value={skills}
        onChange={setSkills}
        placeholder={skills.length === 0 ? words.all : ''}
      />
      <TagsInput
        label={words.languages}
        description={words.languagesHint}
        value={languages}
        onChange={(next) => setLanguages(next.map((one) => one.toLowerCase()))}
        placeholder={languages.length === 0 ? words.all : ''}
        error={wrongLanguage && words.languageFault}
      />
      <div>
        <span className={classes.label}>{words.weights}</span>
        <p className={classes.below}>{words.weightsHint}</p>
        {kinds.map((kind) => (
          <div key={kind} className={classes.limit}>
            <span>{kind}</span>
            <NumberInput
              aria-label={`${words.weights}: ${kind}`}
              value={weights[kind] ?? 1}
              min={0}
              max={10}
              step={0.1}
              decimalScale={2}
              onChange={(next) => setWeights({ ...weights, [kind]: Number(next) })}
            />
          </div>
        ))}
      </div>
      <NumberInput
        label={words.wrapUp}
        description={words.wrapUpHint}
        min={0}
        max={3_600}
        value={wrapUp}
        onChange={setWrapUp}
      />
      <Trouble error={change.error} />
      <footer className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={change.isPending} disabled={wrongLanguage}>
          {t.save}
        </Button>
      </footer>
    </form>
  );
}
