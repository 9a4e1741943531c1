import { describe, expect, test } from 'vitest';
import {
  bot,
  choices,
  closed,
  control,
  customer,
  DANA,
  dana,
  log,
  opened,
  says,
  toAgent,
  toQueue,
} from '#test/given.ts';
import type { Line } from './story.ts';
import { tellStory } from './story.ts';

function told(lines: readonly Line[]): string[] {
  return lines.map((line) => {
    if (line.kind === 'notice')
      return 'name' in line.notice ? `(${line.notice.type} ${line.notice.name})` : `(${line.notice.type})`;
    const [part] = line.message.parts;
    return `${line.message.author.role}: ${part?.type === 'text' ? part.text : part?.type}`;
  });
}

describe('what the customer sees of the log', () => {
  test('[WG1] messages in the order of the log, and who joined', () => {
    const story = tellStory(
      log(opened, says(customer, 'hi'), says(bot, 'hello'), toQueue, toAgent, says(dana, 'me again')),
    );
    expect(told(story.lines)).toEqual(['customer: hi', 'bot: hello', '(joined Dana)', 'agent: me again']);
    expect(story).toMatchObject({ status: 'open', holder: 'agent', agent: DANA });
  });

  test('[WG1] an edit and a redaction change the message where it stands', () => {
    const story = tellStory(
      log(
        opened,
        says(bot, 'one'),
        says(bot, 'two'),
        { type: 'message.edited', message: 'msg_one', parts: [{ type: 'text', text: 'first' }] },
        { type: 'message.redacted', message: 'msg_two' },
      ),
    );
    expect(story.lines).toMatchObject([
      { seq: 2, message: { edited: true, parts: [{ text: 'first' }] } },
      { seq: 3, message: { redacted: true, parts: [] } },
    ]);
  });

  test('[WG1] events that this widget does not know are passed over', () => {
    const story = tellStory(log(opened, { type: 'from.the.future' } as never, says(bot, 'hello')));
    expect(told(story.lines)).toEqual(['bot: hello']);
  });

  test('[WG2] the end is told once: no "left" beside it, and nobody answers any more', () => {
    const story = tellStory(log(opened, toQueue, toAgent, closed));
    expect(told(story.lines)).toEqual(['(joined Dana)', '(closed)']);
    expect(story).toMatchObject({ status: 'closed', holder: 'nobody', agent: null });
  });

  test('[WG2] given back to the bot: told as that', () => {
    const story = tellStory(
      log(opened, toQueue, toAgent, [
        { type: 'handoff.ended', handoff: 'hnd_1', outcome: 'returned_to_bot' },
        { type: 'participant.left', agent: DANA, role: 'owner' },
        control('bot'),
      ]),
    );
    expect(told(story.lines)).toEqual(['(joined Dana)', '(returned Dana)']);
    expect(story).toMatchObject({ holder: 'bot', agent: null });
  });

  test('[WG2] passed on to a colleague: told as that, with his name where it is known', () => {
    const sam = { id: 'agt_sam', name: 'Sam' };
    const story = tellStory(
      log(opened, toQueue, toAgent, [
        { type: 'handoff.transferred', handoff: 'hnd_1', from: DANA, to: { agent: sam } },
        { type: 'participant.left', agent: DANA, role: 'owner' },
        {
          type: 'control.changed',
          from: { holder: 'agent' },
          to: { holder: 'agent', agent: sam },
          epoch: 4,
          why: 'transferred',
        },
        { type: 'participant.joined', agent: sam, role: 'owner' },
      ]),
    );
    expect(told(story.lines)).toEqual(['(joined Dana)', '(transferred Sam)', '(joined Sam)']);
    expect(story.agent).toEqual(sam);
  });

  test('[WG2] somebody who just leaves is told of; hold and its end too', () => {
    const story = tellStory(
      log(
        opened,
        toAgent,
        { type: 'handoff.held', handoff: 'hnd_1', agent: DANA },
        { type: 'handoff.resumed', handoff: 'hnd_1', agent: DANA },
        { type: 'participant.left', agent: DANA, role: 'owner' },
      ),
    );
    expect(told(story.lines)).toEqual(['(joined Dana)', '(held Dana)', '(resumed Dana)', '(left Dana)']);
    expect(story.onHold).toBe(false);
  });

  test('[WG1] a page from the middle of a log shows who answers by who wrote', () => {
    const items = log(opened, toQueue, toAgent, says(dana, 'hello')).slice(-1);
    expect(tellStory(items)).toMatchObject({ status: 'open', agent: DANA });
  });
});

describe('choices', () => {
  test('[WG3] the newest may be used until the customer says something; then it shows what he picked', () => {
    const asked = log(opened, says(bot, choices));
    expect(tellStory(asked).askingSeq).toBe(2);
    const answered = log(opened, says(bot, choices), says(customer, [{ type: 'text', text: 'Pears', choice: 'b' }]));
    const story = tellStory(answered);
    expect(story.askingSeq).toBe(0);
    expect(story.lines[0]).toMatchObject({ picked: 'b' });
  });

  test('[WG3] not when somebody else answers by now, and not after the end', () => {
    expect(tellStory(log(opened, says(bot, choices), toQueue)).askingSeq).toBe(0);
    expect(tellStory(log(opened, says(bot, choices), closed)).askingSeq).toBe(0);
    expect(tellStory(log(opened, toQueue, says(bot, choices))).askingSeq).toBe(3);
  });
});

test('[WG11] the rating belongs to this ending: opened again, another one may be given', () => {
  const rated = log(opened, closed, { type: 'rating.given', score: 4, handoff: null });
  expect(tellStory(rated).rating).toBe(4);
  expect(tellStory([...rated, ...log({ type: 'conversation.reopened' })]).rating).toBeNull();
});
