import { Button, Select, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useList } from '#data/admin.ts';
import { ApiProblem } from '#data/api.ts';
import { useImport } from '#data/roster.ts';
import { zones } from '#screens/hours/times.ts';
import classes from '#screens/settings/page.module.css';
import { Trouble } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';

const words = t.roster;

/** One shift. It goes the way of a file with one line: the server knows what the clocks of a zone show. */
export function ShiftForm({ onClose }: { onClose: () => void }) {
  const { data: agents = [] } = useList('agents');
  const bring = useImport();
  const [agent, setAgent] = useState<string | null>(null);
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const line = [agent, form.get('date'), form.get('from'), form.get('to')].join(',');
    bring.mutate(
      { csv: `agent,date,from,to\n${line}`, zone },
      {
        onSuccess: () => {
          notifications.show({ color: 'teal', message: words.added, autoClose: 2_000 });
          onClose();
        },
      },
    );
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <Select
        label={words.agent}
        data={agents.filter(({ disabled }) => !disabled).map(({ id, name }) => ({ value: id, label: name }))}
        value={agent}
        onChange={setAgent}
        searchable
        required
      />
      <TextInput type="date" name="date" label={words.date} required />
      <div className={classes.pair}>
        <TextInput type="time" name="from" label={words.from} defaultValue="09:00" required />
        <TextInput type="time" name="to" label={words.to} description={words.toHint} defaultValue="17:00" required />
      </div>
      <Select
        label={words.zone}
        data={zones(zone)}
        value={zone}
        onChange={(next) => next && setZone(next)}
        searchable
        allowDeselect={false}
        limit={80}
      />
      <Trouble error={plain(bring.error)} />
      <footer className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={bring.isPending} disabled={agent === null}>
          {t.save}
        </Button>
      </footer>
    </form>
  );
}

/** Here is one shift and no file: what is wrong with it, without its line. */
function plain(error: Error | null): Error | null {
  const first = error instanceof ApiProblem ? error.errors[0] : undefined;
  return first ? new Error(first.message) : error;
}
