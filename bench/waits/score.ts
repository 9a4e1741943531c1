/** One forecast and what came of it. Seconds. */
export interface Judged {
  waited: number;
  /** He left then: nobody knows how long he would have waited. */
  left: boolean;
  mean: number;
  middle: number;
  low?: number;
  high?: number;
}

export interface Score {
  count: number;
  rmse: number;
  mae: number;
  bias: number;
  /** Share of waits over 1.5 times the announced one and half a minute. */
  late: number;
  /** Share of waits within the range, and its mean width; null where the rule gives none. */
  coverage: number | null;
  width: number | null;
}

/** Nobody who left stands for more than this many who would have waited. */
const MOST_WEIGHT = 6;

/**
 * Scores the served ones: plainly, and as they stand for those who left before (inverse probability of censoring: the
 * wait that was offered). Squared error and bias are the mean's, absolute error and lateness those of the middle.
 */
export function scores(judged: readonly Judged[]): { served: Score; offered: Score } {
  const weights = censoringWeights(judged);
  const rows = judged.flatMap((row, index) => (row.left ? [] : [{ row, weight: weights[index] ?? 1 }]));
  return { served: score(rows.map(({ row }) => ({ row, weight: 1 }))), offered: score(rows) };
}

function score(rows: readonly { row: Judged; weight: number }[]): Score {
  let weights = 0;
  const sums = { squared: 0, absolute: 0, bias: 0, late: 0, within: 0, width: 0 };
  let ranges = true;
  for (const { row, weight } of rows) {
    const { waited, mean, middle, low, high } = row;
    weights += weight;
    sums.squared += weight * (mean - waited) ** 2;
    sums.absolute += weight * Math.abs(middle - waited);
    sums.bias += weight * (mean - waited);
    if (waited > 1.5 * middle + 30) sums.late += weight;
    if (low === undefined || high === undefined) ranges = false;
    else {
      if (waited >= low && waited <= high) sums.within += weight;
      sums.width += weight * (high - low);
    }
  }
  return {
    count: rows.length,
    rmse: Math.sqrt(sums.squared / weights),
    mae: sums.absolute / weights,
    bias: sums.bias / weights,
    late: sums.late / weights,
    coverage: ranges ? sums.within / weights : null,
    width: ranges ? sums.width / weights : null,
  };
}

/** 1 by the share of people who are ready to wait so long (Kaplan and Meier), at most 6. */
function censoringWeights(judged: readonly Judged[]): number[] {
  const order = judged.map((_, index) => index).sort((a, b) => (judged[a]?.waited ?? 0) - (judged[b]?.waited ?? 0));
  const weights = new Array<number>(judged.length).fill(1);
  let stays = 1;
  for (let from = 0; from < order.length; ) {
    const waited = judged[order[from] ?? 0]?.waited;
    let to = from;
    let left = 0;
    for (; to < order.length && judged[order[to] ?? 0]?.waited === waited; to++)
      if (judged[order[to] ?? 0]?.left) left++;
    stays *= 1 - left / (order.length - from);
    for (; from < to; from++) weights[order[from] ?? 0] = Math.min(MOST_WEIGHT, 1 / Math.max(1e-9, stays));
  }
  return weights;
}
