/** Types only: they cost nothing at run time, so widget and console import this with `import type`. */
import type { z } from 'zod';
import type * as s from './schemas.ts';

export type Part = z.infer<typeof s.Part>;
export type PartInput = z.input<typeof s.PartInput>;
export type Author = z.infer<typeof s.Author>;
export type AgentRef = z.infer<typeof s.AgentRef>;
export type Message = z.infer<typeof s.Message>;
export type ConversationEvent = z.infer<typeof s.ConversationEvent>;
export type EventItem = z.infer<typeof s.EventItem>;
export type Estimate = z.infer<typeof s.Estimate>;
export type Control = z.infer<typeof s.Control>;
export type Evidence = z.infer<typeof s.Evidence>;
export type HandoffContext = z.infer<typeof s.HandoffContext>;
export type HandoffOutcome = z.infer<typeof s.HandoffOutcome>;
export type HandoffReason = z.infer<typeof s.HandoffReason>;
export type ClientFrame = z.input<typeof s.ClientFrame>;
export type ClientFrameOf<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>;
export type ServerFrame = z.infer<typeof s.ServerFrame>;
export type ServerFrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;
export type Me = z.infer<typeof s.Me>;
export type Problem = z.infer<typeof s.Problem>;
export type Conversation = z.infer<typeof s.Conversation>;
export type ConversationSummary = z.infer<typeof s.ConversationSummary>;
export type Customer = z.infer<typeof s.Customer>;
export type Handoff = z.infer<typeof s.Handoff>;
export type Queue = z.infer<typeof s.Queue>;
export type Availability = z.infer<typeof s.Availability>;
