/** What the usual formulas look at, at the moment somebody joins the line. Seconds. */
export interface View {
  now: number;
  ahead: number;
  /** People who answer, and conversations that they take at once, together. */
  agents: number;
  slots: number;
  /** Agents of these who are ready for one more right now. */
  ready: number;
  /** Mean handle time: of the last hour, and of all lately. */
  handleHour: number;
  handle: number;
  leavingPerSecond: number;
  /** Slots from now on, as planned: those that hold from so many seconds on. */
  plan: readonly { after: number; slots: number }[];
  /** Wait so far of the first in the line; null: nobody waits. */
  head: number | null;
  /** Waits of those served before, the last one last. */
  served: readonly { at: number; waited: number }[];
}

type Rival = (view: View) => number;

/** Published rules of products, and of the textbooks. Each says seconds. */
export const RIVALS = {
  naive: ({ ahead, agents, handle }) => ((ahead + 1) * handle) / Math.max(1, agents),
  /** Salesforce: weighted mean of the last 10 waits within 10 minutes, the last counting most; else of the last 10. */
  last10: ({ now, served }) => {
    const recent = served.slice(-10).filter(({ at }) => at > now - 600);
    const used = recent.length > 0 ? recent : served.slice(-10);
    let sum = 0;
    let weights = 0;
    for (const [index, { waited }] of used.entries()) {
      sum += (index + 1) * waited;
      weights += index + 1;
    }
    return weights === 0 ? 0 : sum / weights;
  },
  /** Google's contact centre: mean handle time of an hour by agents, by (people who wait and are not taken at once). */
  google: ({ ahead, ready, handleHour, slots }) => (handleHour / Math.max(1, slots)) * Math.max(0, ahead - ready) + 10,
  /** Wait of the last one who was served. */
  les: ({ served }) => served.at(-1)?.waited ?? 0,
  /** Wait so far of the first in the line. */
  hol: ({ head, served }) => head ?? served.at(-1)?.waited ?? 0,
  ql: ({ ahead, slots, handle }) => ((ahead + 1) * handle) / Math.max(1, slots),
  qla: ({ ahead, slots, handle, leavingPerSecond }) => {
    let sum = 0;
    for (let left = 0; left <= ahead; left++) sum += 1 / (Math.max(1, slots) / handle + left * leavingPerSecond);
    return sum;
  },
  /** QLa along the planned slots (Ibrahim and Whitt 2011). */
  qlm: ({ ahead, slots, handle, leavingPerSecond, plan }) => {
    let at = 0;
    for (let left = ahead; left >= 0; left--) {
      const planned = plan.findLast(({ after }) => after <= at)?.slots ?? slots;
      at += 1 / (Math.max(0.5, planned) / handle + left * leavingPerSecond);
    }
    return at;
  },
} satisfies Record<string, Rival>;

export type RivalName = keyof typeof RIVALS;
