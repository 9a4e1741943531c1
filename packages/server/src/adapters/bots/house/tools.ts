import { z } from 'zod';
import type { Articles } from '#ports/articles.ts';
import type { BotAction, BotTurn } from '#ports/bot.ts';
import type { ToolCall } from './completion.ts';
import { excerpt } from './excerpt.ts';
import type { ToolDefinition } from './model.ts';

const Escalate = z.object({
  reason: z.string().min(1).max(2_000).describe('One sentence for the colleague: why a person is needed.'),
  summary: z
    .string()
    .min(1)
    .max(4_000)
    .describe('What the customer wants, what was tried, what is known. In English, without greetings.'),
  department: z.string().max(100).optional().describe('Name of the queue, if one of those in get_availability fits.'),
  urgency: z.enum(['low', 'normal', 'high', 'urgent']).optional(),
});
const Search = z.object({ query: z.string().min(1).max(500).describe('A few words of the subject, in English.') });
const Nothing = z.object({});

const URGENCY = { low: -1, normal: 0, high: 1, urgent: 2 } as const;

const TOOLS = {
  escalate_to_human: {
    description:
      'Hands the conversation to a person. Call it when the customer asks for a person, when only a person may decide or look something up, or when you cannot help. The line and the wait are told to the customer by the system.',
    parameters: Escalate,
  },
  get_availability: {
    description: 'Who from the team is there now, how many wait, and how long it takes where that is known.',
    parameters: Nothing,
  },
  search_articles: {
    description: 'Searches the help articles. Use it when the articles you were given do not answer.',
    parameters: Search,
  },
} as const;

export const TOOL_DEFINITIONS: readonly ToolDefinition[] = Object.entries(TOOLS).map(
  ([name, { description, parameters }]) => {
    const { $schema: _, ...schema } = z.toJSONSchema(parameters);
    return { type: 'function', function: { name, description, parameters: schema } };
  },
);

/** What a tool call led to: an answer for the model, or a handoff that ends the turn. */
export type ToolResult =
  | { kind: 'answer'; content: string; ok: boolean; sources?: { title: string }[] }
  | { kind: 'handoff'; action: Extract<BotAction, { type: 'handoff' }> };

/** Carries out one call. Bad arguments and unknown tools are answered as errors, so that the model can mend them. */
export async function runTool(call: ToolCall, turn: BotTurn, articles: Articles): Promise<ToolResult> {
  switch (call.name) {
    case 'escalate_to_human': {
      const args = argumentsOf(call, Escalate);
      return args.ok ? { kind: 'handoff', action: handoffOf(args.value) } : failed(args.message);
    }
    case 'get_availability': {
      const args = argumentsOf(call, Nothing);
      return args.ok ? { kind: 'answer', ok: true, content: availability(turn) } : failed(args.message);
    }
    case 'search_articles': {
      const args = argumentsOf(call, Search);
      return args.ok ? search(args.value.query, articles) : failed(args.message);
    }
    default:
      return failed(`There is no tool "${call.name}". There are: ${Object.keys(TOOLS).join(', ')}.`);
  }
}

/** What is known of queues and waits, in words that can be repeated. */
export function availability(turn: BotTurn): string {
  if (turn.availability.length === 0) return 'It is not known who is there.';
  return turn.availability
    .map(({ name, state, agentsOnline, waiting, estimate, opensAt }) => {
      const wait = estimate
        ? `expected wait ${Math.round(estimate.lowSeconds / 60)} to ${Math.ceil(estimate.highSeconds / 60)} minutes`
        : 'expected wait unknown';
      const opens = opensAt === null ? '' : `, opens at ${new Date(opensAt).toISOString()}`;
      const online = agentsOnline === null ? '' : `, ${agentsOnline} online`;
      return `Queue "${name}": ${state}${opens}${online}, ${waiting} waiting, ${wait}.`;
    })
    .join('\n');
}

async function search(query: string, articles: Articles): Promise<ToolResult> {
  const found = await articles.search(query, { limit: 4 });
  if (found.length === 0) return { kind: 'answer', ok: true, content: 'No article speaks of this.' };
  const titled = found.map((one) => ({
    title: one.heading === null ? one.title : `${one.title}: ${one.heading}`,
    text: excerpt(one.text),
  }));
  return {
    kind: 'answer',
    ok: true,
    content: titled.map(({ title, text }) => `## ${title}\n${text}`).join('\n\n'),
    sources: titled.map(({ title }) => ({ title })),
  };
}

function handoffOf({
  reason,
  summary,
  department,
  urgency,
}: z.infer<typeof Escalate>): Extract<BotAction, { type: 'handoff' }> {
  return {
    type: 'handoff',
    detail: reason,
    summary,
    ...(department === undefined ? {} : { queue: department }),
    ...(urgency === undefined ? {} : { priority: URGENCY[urgency] }),
  };
}

function failed(content: string): ToolResult {
  return { kind: 'answer', ok: false, content };
}

function argumentsOf<S extends z.ZodType>(
  call: ToolCall,
  schema: S,
): { ok: true; value: z.output<S> } | { ok: false; message: string } {
  let json: unknown;
  try {
    json = call.arguments.trim() === '' ? {} : JSON.parse(call.arguments);
  } catch {
    return { ok: false, message: 'The arguments are not JSON.' };
  }
  const read = schema.safeParse(json);
  if (read.success) return { ok: true, value: read.data };
  const [issue] = read.error.issues;
  return { ok: false, message: `Wrong arguments: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
}
