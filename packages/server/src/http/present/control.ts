import type { Control } from '@baton/core';
import type { Control as WireControl } from '@baton/protocol';
import { presentTime } from './event.ts';

export function presentControl(control: Control): WireControl {
  return { ...control, since: presentTime(control.since) };
}
