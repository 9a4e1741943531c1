import type { Command } from './commands.ts';
import type { Conversation } from './state.ts';

/**
 * What makes a command the same command. A message is known by its author and the id that its sender gave it; a
 * conversation has one customer, also where he was anonymous at first, so that he needs no name there.
 */
export function keyOf(command: Command): string | undefined {
  if (command.key !== undefined) return command.key;
  if (command.type === 'say' && command.clientId !== undefined)
    return command.author.role === 'customer'
      ? `customer:${command.clientId}`
      : `${command.author.role}:${command.author.id}:${command.clientId}`;
  if (command.type === 'barge' && command.clientId !== undefined)
    return `agent:${command.agent.id}:${command.clientId}`;
  return undefined;
}

/** The seq that answered a command with this key before; undefined: it is new, or older than what the state remembers. */
export function answerOf({ keys }: Conversation, key: string): number | undefined {
  // A loop of its own: every message comes by here, and a closure for each of the keys costs more than the comparison.
  for (const known of keys) if (known[0] === key) return known[1];
  return undefined;
}
