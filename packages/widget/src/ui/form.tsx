import type { Part } from '@baton/protocol';
import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { useSurroundings } from './context.ts';

type Form = Extract<Part, { type: 'form' }>;

/** A few questions at once. Sent as one message, a line each, so that every side can read it. Used once. */
export function FormPart({ form, id, asking }: { form: Form; id: string; asking: boolean }) {
  const { visit, words } = useSurroundings();
  const [fault, setFault] = useState<string | null>(null);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const answers = form.fields.map((field) => ({ field, value: String(data.get(field.name) ?? '').trim() }));
    const missing = answers.find(({ field, value }) => field.required && value === '');
    if (missing) return setFault(words('required', { name: missing.field.label }));
    const lines = answers.filter(({ value }) => value !== '').map(({ field, value }) => `${field.label}: ${value}`);
    if (lines.length > 0) visit.say([{ type: 'text', text: lines.join('\n') }]);
  };
  return (
    <form class="bubble form" onSubmit={submit}>
      {form.fields.map((field) => (
        <Field id={`${id} ${field.name}`} field={field} disabled={!asking} />
      ))}
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <button type="submit" class="primary" disabled={!asking}>
        {form.submitLabel ?? words('send')}
      </button>
    </form>
  );
}

function Field({ id, field, disabled }: { id: string; field: Form['fields'][number]; disabled: boolean }) {
  const shared = { id, name: field.name, required: field.required ?? false, disabled };
  return (
    <div class="field">
      <label for={id} dir="auto">
        {field.label}
        {field.required && <span aria-hidden="true"> *</span>}
      </label>
      {field.kind === 'select' ? (
        <select {...shared}>
          <option value="" />
          {(field.options ?? []).map((option) => (
            <option value={option}>{option}</option>
          ))}
        </select>
      ) : field.kind === 'email' ? (
        <input {...shared} type="email" maxLength={320} />
      ) : field.kind === 'number' ? (
        <input {...shared} type="number" step="any" />
      ) : (
        <input {...shared} type="text" maxLength={500} dir="auto" />
      )}
    </div>
  );
}
