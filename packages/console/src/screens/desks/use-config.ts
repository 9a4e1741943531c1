import type { Adapter, Integration } from '@baton/protocol';
import { useMemo, useState } from 'react';
import { ApiProblem } from '#data/api.ts';
import { changeOf, type Field, faultOf, fieldsOf, isKept, type Values, valuesOf } from './config-fields.ts';

/** The settings of a desk while somebody edits them. */
export interface ConfigForm {
  fields: readonly Field[];
  /** What a field's input needs. */
  input(name: string): { field: Field; value: Values[string]; kept: boolean; error: string | undefined } | null;
  set(name: string, value: Values[string]): void;
  /** What has to be sent. */
  change(): Record<string, unknown>;
  /** What is entered is as kept, again. */
  revert(): void;
}

/** @param kept the desk as it is; undefined for a new one */
export function useConfig(adapter: Adapter, kept: Integration | undefined, error: Error | null): ConfigForm {
  const fields = useMemo(() => fieldsOf(adapter), [adapter]);
  const config = kept?.config;
  const [entered, setEntered] = useState<Values>({});
  const before = useMemo(() => valuesOf(fields, config ?? {}), [fields, config]);
  const values = { ...before, ...entered };
  const faults = error instanceof ApiProblem ? error.errors : [];
  return {
    fields,
    input(name) {
      const field = fields.find((one) => one.name === name);
      if (!field) return null;
      const isSet = config !== undefined && isKept(config, name);
      return { field, value: values[name] ?? '', kept: isSet, error: faultOf(faults, name) };
    },
    set: (name, value) => setEntered((now) => ({ ...now, [name]: value })),
    change: () => changeOf(fields, values, config ?? null),
    revert: () => setEntered({}),
  };
}
