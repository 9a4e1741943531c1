import { Worker } from 'node:worker_threads';
import type { PlanReport, QueuePlan } from '@baton/core';

const MOST_MS = 60_000;

/** Played in a thread of its own: a second of arithmetic must not hold up anybody's message. */
export async function playPlans(plans: readonly QueuePlan[]): Promise<PlanReport[]> {
  const worker = new Worker(new URL('./play-plan-worker.ts', import.meta.url), { workerData: plans });
  const timer = setTimeout(() => void worker.terminate(), MOST_MS);
  try {
    return await new Promise<PlanReport[]>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error(`A plan was not played within ${MOST_MS / 1_000} seconds.`)));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
