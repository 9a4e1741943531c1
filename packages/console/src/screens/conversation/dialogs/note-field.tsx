import { Textarea } from '@mantine/core';

/** Longest note (protocol: frames.ts). */
const NOTE_LIMIT = 8_000;

interface NoteFieldProps {
  label: string;
  hint?: string;
  rows?: number;
  focused?: boolean;
  value: string;
  onChange: (note: string) => void;
}

/** A note that goes with a deed. */
export function NoteField({ label, hint, rows = 2, focused = false, value, onChange }: NoteFieldProps) {
  return (
    <Textarea
      data-autofocus={focused || undefined}
      label={label}
      description={hint}
      autosize
      minRows={rows}
      maxRows={10}
      maxLength={NOTE_LIMIT}
      dir="auto"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** A note as a field of a frame; an empty one is none. */
export function noteOf(text: string): { note?: string } {
  const note = text.trim();
  return note === '' ? {} : { note };
}
