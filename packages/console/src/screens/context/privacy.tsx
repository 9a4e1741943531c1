import type { Conversation } from '@baton/protocol';
import { Button, Modal, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconEraser } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useConsole } from '#data/use.ts';
import page from '#screens/settings/page.module.css';
import { Trouble } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { customerName } from '#ui/names.ts';

const words = t.settings.privacy;

/** What a person may ask of those who hold something of him: to see it, and to have it gone. For admins. */
export function Privacy({ customer }: { customer: Conversation['customer'] }) {
  const { call } = useConsole();
  const [asking, setAsking] = useState(false);
  const take = useMutation({
    mutationFn: () => call<object>('GET', `/v1/customers/${customer.id}/export`),
    onSuccess: (data) => {
      save(`${customer.id}.json`, JSON.stringify(data, null, 2));
      notifications.show({ color: 'teal', message: words.exported, autoClose: 4_000 });
    },
  });
  return (
    <>
      <p className={page.below} style={{ margin: '0 0 10px' }}>
        {words.exportHint}
      </p>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={15} stroke={1.8} />}
          onClick={() => take.mutate()}
          loading={take.isPending}
        >
          {words.export}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          color="red"
          c="var(--bad)"
          leftSection={<IconEraser size={15} stroke={1.8} />}
          onClick={() => setAsking(true)}
        >
          {words.erase}
        </Button>
      </div>
      <Trouble error={take.error} />
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={words.eraseTitle(customerName(customer))}
        size={480}
      >
        <EraseForm customer={customer} onClose={() => setAsking(false)} />
      </Modal>
    </>
  );
}

/** For good: whoever does it types a word first. */
function EraseForm({ customer, onClose }: { customer: Conversation['customer']; onClose: () => void }) {
  const { call } = useConsole();
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const sure = typed.trim().toLowerCase() === words.word;
  const erase = useMutation({
    mutationFn: () => call<{ conversations: number }>('POST', `/v1/customers/${customer.id}/erase`),
    onSuccess: async ({ conversations }) => {
      notifications.show({ color: 'teal', message: words.erased(conversations), autoClose: 4_000 });
      onClose();
      await queries.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (sure) erase.mutate();
  };
  return (
    <form className={page.form} onSubmit={submit}>
      <p className={page.quiet}>{words.eraseText}</p>
      <TextInput
        label={words.type(words.word)}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
      <Trouble error={erase.error} />
      <footer className={page.foot}>
        <Button variant="default" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button type="submit" color="red.8" disabled={!sure} loading={erase.isPending}>
          {words.erase}
        </Button>
      </footer>
    </form>
  );
}

/** Puts a file into the downloads. */
function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
