/** Runtime validators (zod). The server and the tests use them; browsers import only the types of index.ts. */

// For its effect: faults are told in plain words, whoever reads a wire by these schemas.
import './wording.ts';

export * from './events.ts';
export * from './frames.ts';
export * from './ids.ts';
export * from './parts.ts';
export * from './problem.ts';
export * from './rest/adapters.ts';
export * from './rest/administration.ts';
export * from './rest/agents.ts';
export * from './rest/audit.ts';
export * from './rest/bots.ts';
export * from './rest/conversation.ts';
export * from './rest/conversations.ts';
export * from './rest/deliveries.ts';
export * from './rest/files.ts';
export * from './rest/handoffs.ts';
export * from './rest/hours.ts';
export * from './rest/ops.ts';
export * from './rest/planning.ts';
export * from './rest/queues.ts';
export * from './rest/reports.ts';
export * from './rest/shifts.ts';
export * from './rest/table.ts';
export * from './rest/webhooks.ts';
export * from './rest/widget.ts';
export * from './rest/workspace.ts';
export * from './webhook-bot.ts';
export * from './webhook-desk.ts';
