import { Button, Checkbox, FileInput, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { ApiProblem } from '#data/api.ts';
import { useImport } from '#data/roster.ts';
import { zones } from '#screens/hours/times.ts';
import form from '#screens/settings/page.module.css';
import { Trouble } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import classes from './roster.module.css';

const words = t.roster;

/** A whole roster from a file; what is wrong with it stands there line by line. */
export function ImportRoster({ onClose }: { onClose: () => void }) {
  const bring = useImport();
  const [file, setFile] = useState<File | null>(null);
  const [replace, setReplace] = useState(false);
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!file) return;
    const csv = await file.text();
    bring.mutate(
      { csv, zone, replace },
      {
        onSuccess: ({ added, removed }) => {
          notifications.show({ color: 'teal', message: words.imported(added, removed) });
          onClose();
        },
      },
    );
  };
  return (
    <form className={form.form} onSubmit={(event) => void submit(event)}>
      <p className={form.quiet}>{words.importText}</p>
      <pre className={form.code}>{words.example}</pre>
      <FileInput
        label={words.file}
        placeholder={words.filePlaceholder}
        accept=".csv,text/csv,text/plain"
        value={file}
        onChange={(next) => {
          setFile(next);
          bring.reset();
        }}
        required
        clearable
        clearButtonProps={{ 'aria-label': words.clear }}
      />
      <Select
        label={words.zone}
        description={words.zoneHint}
        data={zones(zone)}
        value={zone}
        onChange={(next) => next && setZone(next)}
        searchable
        allowDeselect={false}
        limit={80}
      />
      <Checkbox label={words.replace} checked={replace} onChange={(event) => setReplace(event.currentTarget.checked)} />
      <Faults error={bring.error} />
      <footer className={form.foot}>
        <Button variant="default" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={bring.isPending} disabled={!file}>
          {words.submit}
        </Button>
      </footer>
    </form>
  );
}

function Faults({ error }: { error: Error | null }) {
  if (!(error instanceof ApiProblem) || error.errors.length === 0) return <Trouble error={error} />;
  return (
    <div className={form.trouble} role="alert">
      <p className={classes.wrong}>{words.wrong(error.errors.length)}</p>
      <ol className={classes.faults}>
        {error.errors.map(({ path, message }) => (
          <li key={path}>
            <b>{path}</b> {message}
          </li>
        ))}
      </ol>
    </div>
  );
}
