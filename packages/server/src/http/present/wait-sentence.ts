import type { WaitFigures } from '@baton/core';

/** The record in one sentence that an owner can trust: of how many it speaks stands in it. */
export function waitSentence({ toldRange, kept, withinShare, lateShare }: WaitFigures): string {
  if (toldRange === 0) return 'No customer was told a range.';
  const known = kept.within + kept.early + kept.late;
  if (known === 0 || withinShare === null || lateShare === null)
    return `${customers(toldRange)} told a range; of none is it known yet whether it held.`;
  const rest = toldRange - known;
  const unknown = rest === 0 ? '' : ` ${rest} more left, or wait still, before it could be known.`;
  return `Of ${customers(known)} told a range, ${percent(withinShare)} waited within it and ${percent(lateShare)} longer.${unknown}`;
}

function customers(count: number): string {
  return count === 1 ? '1 customer' : `${count.toLocaleString('en')} customers`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
