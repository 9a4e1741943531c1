import { parentPort, workerData } from 'node:worker_threads';
import { planReport, type QueuePlan } from '@baton/core';

parentPort?.postMessage((workerData as QueuePlan[]).map(planReport));
