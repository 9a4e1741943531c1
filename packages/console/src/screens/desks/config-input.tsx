import { Checkbox, NumberInput, PasswordInput, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useList } from '#data/admin.ts';
import { t } from '#strings/strings.ts';
import { plainWord } from '#ui/names.ts';
import type { Field, Values } from './config-fields.ts';
import classes from './desks.module.css';

const words = t.settings.desks;

interface ConfigInputProps {
  field: Field;
  value: Values[string];
  /** A secret that is set already. */
  kept: boolean;
  error: string | undefined;
  onChange: (value: Values[string]) => void;
}

/** One setting of a desk, entered as its shape asks for. */
export function ConfigInput({ field, value, kept, error, onChange }: ConfigInputProps) {
  const { entry, secret, required } = field;
  const common = {
    label: field.label,
    description: field.hint,
    error,
    // A secret that is kept need not be entered again.
    required: required && field.usual === undefined && !kept && !field.later,
    // What is known only later must not hold up what is sent before.
    withAsterisk: required && field.usual === undefined && !kept,
    name: field.name,
  };
  switch (entry.as) {
    case 'switch':
      return (
        <Switch
          label={field.label}
          description={field.hint}
          error={error}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          value={value as number | string}
          min={entry.min ?? Number.MIN_SAFE_INTEGER}
          max={entry.max ?? Number.MAX_SAFE_INTEGER}
          placeholder={field.usual ?? ''}
          hideControls
          maw={240}
          onChange={onChange}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          placeholder={field.usual ?? ''}
          data={entry.options}
          value={String(value)}
          onChange={(next) => onChange(next ?? '')}
        />
      );
    case 'choices':
      return <Choices {...common} options={entry.options} value={value as string[]} onChange={onChange} />;
    case 'queues':
      return <Groups {...common} value={value as Record<string, string>} onChange={onChange} />;
    case 'pairs':
      return (
        <Textarea
          {...common}
          value={String(value)}
          placeholder={kept ? words.pairsKept : words.pairsHint}
          autosize
          minRows={2}
          maxRows={6}
          spellCheck={false}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'text':
      return secret ? (
        <PasswordInput
          {...common}
          value={String(value)}
          placeholder={kept ? words.secretKept : ''}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': `${t.settings.reveal}: ${field.label}`, tabIndex: 0 }}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          {...common}
          value={String(value)}
          placeholder={field.usual ?? (entry.url ? 'https://' : '')}
          maxLength={entry.maxLength ?? 2_000}
          inputMode={entry.url ? 'url' : 'text'}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

/** Abilities as the cards name them. */
const ABILITIES: Readonly<Record<string, string>> = {
  typing: words.can.typing,
  readMarks: words.can.readMarks,
  availability: words.can.availability,
  position: words.can.position,
  poll: words.can.poll,
};

function nameOf(option: string): string {
  return ABILITIES[option] ?? plainWord(option);
}

interface ChoicesProps {
  label: string;
  description: string | undefined;
  error: string | undefined;
  options: string[];
  value: string[];
  onChange: (value: string[]) => void;
}

function Choices({ label, description, error, options, value, onChange }: ChoicesProps) {
  return (
    <Checkbox.Group label={label} description={description} error={error} value={value} onChange={onChange}>
      <Stack gap={8} mt={8}>
        {options.map((option) => (
          <Checkbox key={option} value={option} label={nameOf(option)} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

interface GroupsProps {
  label: string;
  description: string | undefined;
  value: Record<string, string>;
  onChange: (value: Record<string, string>) => void;
}

/** The desk's group for each of our queues. */
function Groups({ label, description, value, onChange }: GroupsProps) {
  const { data: queues = [] } = useList('queues');
  return (
    <fieldset className={classes.groups}>
      <legend>{label}</legend>
      {description && <p>{description}</p>}
      {queues.map((queue) => (
        <TextInput
          key={queue.id}
          label={queue.name}
          classNames={{ root: classes.group ?? '' }}
          value={value[queue.id] ?? ''}
          placeholder={words.otherwise}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => onChange({ ...value, [queue.id]: event.currentTarget.value })}
        />
      ))}
    </fieldset>
  );
}
