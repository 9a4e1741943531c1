/** Everything that other packages may use of the rules. */
export * from '#ids.ts';
export * from '#message/message.ts';
export * from '#conversation/state.ts';
export * from '#conversation/events.ts';
export * from '#conversation/commands.ts';
export * from '#conversation/refusals.ts';
export * from '#conversation/rules.ts';
export * from '#escalation/memory.ts';
export * from '#escalation/policy.ts';
export * from '#queue/outlook.ts';
export * from '#queue/estimate.ts';
export * from '#handoff/context.ts';
export * from '#handoff/return-context.ts';
export * from '#words/words.ts';
export * from '#words/locale.ts';
export * from '#words/answer.ts';
