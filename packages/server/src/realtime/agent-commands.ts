import type { AgentId, AgentRef, Command } from '@baton/core';
import type { ClientFrame } from '@baton/protocol';

/** What an agent says that is a command as it stands. */
type Plain = Extract<
  ClientFrame,
  { type: 'release' | 'close' | 'note' | 'whisper' | 'flag' | 'unflag' | 'hold' | 'resume' | 'unwatch' }
>;

/** A console that lost the line before the answer sends the frame again: its id makes it the same command. */
export function keyOf(frame: Plain, agent: AgentId): { key?: string } {
  return frame.id === undefined ? {} : { key: `agent:${agent}:${frame.id}` };
}

/** The command that a frame is. */
export function commandOf(frame: Plain, by: { role: 'agent'; agent: AgentRef & { id: AgentId } }): Command {
  const { agent } = by;
  switch (frame.type) {
    case 'release':
      return { type: 'release', by, ...(frame.note === undefined ? {} : { note: frame.note }) };
    case 'close':
      return {
        type: 'close',
        by,
        ...(frame.outcome === undefined ? {} : { outcome: frame.outcome }),
        ...(frame.note === undefined ? {} : { note: frame.note }),
      };
    case 'note':
      return { type: 'note', author: { role: 'agent', ...agent }, text: frame.text };
    case 'whisper':
      return { type: 'whisper', agent, text: frame.text };
    case 'flag':
    case 'unflag':
      return { type: frame.type, name: frame.name, by };
    case 'hold':
    case 'resume':
    case 'unwatch':
      return { type: frame.type, agent };
  }
}
