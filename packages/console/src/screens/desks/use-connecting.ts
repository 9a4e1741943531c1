import type { Adapter, Integration } from '@baton/protocol';
import { type FormEvent, useState } from 'react';
import { useChange } from '#data/admin.ts';
import { MASK, NOT_YET } from './config-fields.ts';
import { useConfig } from './use-config.ts';

/** Connecting a desk: nothing is there until its first part is sent; what is sent after that changes it. */
export function useConnecting(adapter: Adapter) {
  const make = useChange<Integration>('integrations', { quiet: true });
  const mend = useChange<Integration>('integrations', { quiet: true });
  const [made, setMade] = useState<Integration | undefined>();
  const [name, setName] = useState(adapter.title);
  const form = useConfig(adapter, made, mend.error ?? make.error);
  const keep = (desk: Integration) => {
    // What was made for it is shown this one time: a later answer does not have it any more.
    setMade((known) => ({ ...desk, config: { ...covered(adapter, desk.config), ...madeOf(adapter, known) } }));
    form.revert();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { name, config: form.change() };
    if (made) mend.mutate({ method: 'PATCH', path: `/v1/integrations/${made.id}`, body }, { onSuccess: keep });
    else {
      const first = { side: 'desk', kind: adapter.kind, ...body };
      make.mutate({ method: 'POST', path: '/v1/integrations', body: first }, { onSuccess: keep });
    }
  };
  /** The secret that Baton made, which the other side needs. */
  const secret = adapter.made.find((one) => one !== 'inboundSecret' && typeof made?.config[one] === 'string');
  return { made, name, setName, form, submit, make, mend, secret: secret && String(made?.config[secret]) };
}

export type Connecting = ReturnType<typeof useConnecting>;

/** Secrets that were entered are not shown again, also where the answer has them. */
function covered(adapter: Adapter, config: Integration['config']): Integration['config'] {
  const isSet = (name: string) => config[name] !== undefined && JSON.stringify(config[name]) !== '{}';
  const entered = adapter.secrets.filter((name) => !adapter.made.includes(name) && isSet(name));
  const shown = (name: string) => (config[name] === NOT_YET ? undefined : MASK);
  return { ...config, ...Object.fromEntries(entered.map((name) => [name, shown(name)])) };
}

function madeOf(adapter: Adapter, known: Integration | undefined): Record<string, unknown> {
  return Object.fromEntries(
    adapter.made.flatMap((name) => (known?.config[name] === undefined ? [] : [[name, known.config[name]]])),
  );
}
