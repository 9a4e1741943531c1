/** The smallest value that at least this share of all values does not exceed; null of nothing. Sorts in place. */
export function percentile(values: number[], share: number): number | null {
  values.sort((a, b) => a - b);
  return values[Math.max(0, Math.ceil(values.length * share) - 1)] ?? null;
}
