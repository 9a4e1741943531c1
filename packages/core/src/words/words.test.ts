import { describe, expect, it } from 'vitest';
import type { HandoffReason } from '#conversation/state.ts';
import type { Estimate } from '#queue/estimate.ts';
import type { Outlook } from '#queue/outlook.ts';
import { isNo, isYes } from './answer.ts';
import { words } from './words.ts';

const say = words('en-GB');
const minutes = (low: number, high: number): Estimate => ({
  lowSeconds: low * 60,
  p50Seconds: ((low + high) / 2) * 60,
  highSeconds: high * 60,
  coverage: 0.8,
  basis: 'measured',
  asOf: 0,
});
const busy = (ahead: number | null, estimate: Estimate | null): Outlook => ({
  availability: ahead === null ? 'unknown' : 'busy',
  position: ahead === null ? null : ahead + 1,
  ahead,
  estimate,
});

describe('words', () => {
  it('[WD1] tells the place and the wait as far as known, and that it is unknown where it is', () => {
    const start = 'Let me connect you with a member of our team.';
    expect(say.connecting(busy(2, minutes(1.2, 3.4)), 'customer_asked')).toBe(
      `${start} 2 people are ahead of you, about 2 to 4 minutes.`,
    );
    expect(say.connecting(busy(1, minutes(1.2, 3.4)), 'customer_asked')).toBe(
      `${start} 1 person is ahead of you, about 2 to 4 minutes.`,
    );
    expect(say.connecting(busy(0, minutes(0.2, 1)), 'customer_asked')).toBe(`${start} You are next, about 1 minute.`);
    expect(say.connecting(busy(0, minutes(0.1, 0.5)), 'customer_asked')).toBe(
      `${start} You are next, less than a minute.`,
    );
    expect(say.connecting(busy(2, null), 'customer_asked')).toBe(
      `${start} 2 people are ahead of you. I can't tell yet how long it will take.`,
    );
    expect(say.connecting(busy(null, null), 'customer_asked')).toBe(`${start} I can't tell yet how long it will take.`);
    expect(say.connecting(busy(null, minutes(2, 4)), 'customer_asked')).toBe(
      `${start} The wait is about 2 to 4 minutes.`,
    );
    expect(say.place(busy(2, minutes(2, 4)))).toBe('2 people are ahead of you, about 2 to 4 minutes.');
    expect(say.place(busy(null, null))).toBe("You are in the line. I can't tell yet how long it will take.");
  });

  it('[WD1] a customer whose bot failed has heard nothing yet: he is told why first', () => {
    const sorry = "I'm sorry, something went wrong on my side.";
    expect(say.connecting(busy(0, null), 'bot_error')).toBe(
      `${sorry} Let me connect you with a member of our team. You are next. I can't tell yet how long it will take.`,
    );
    const closed: Outlook = { availability: 'closed', position: 1, ahead: 0, estimate: null };
    expect(say.connecting(closed, 'bot_timeout')).toBe(`${sorry} ${say.connecting(closed, 'customer_asked')}`);
    expect(say.connectingOnly('bot_error')).toBe(`${sorry} I'm connecting you with our team.`);
  });

  it('[WD2] does not speak of connecting when nobody is online', () => {
    const closed: Outlook = { availability: 'closed', position: 1, ahead: 0, estimate: null };
    expect(say.connecting(closed, 'customer_asked')).toBe(
      "Nobody from our team is online right now. I have kept your place in the line; I can't tell yet how long it will take.",
    );
    expect(say.place(closed)).toBe(say.connecting(closed, 'customer_asked'));
  });

  it('[WD2] tells when it opens again, by the clocks of the queue', () => {
    const asOf = Date.parse('2026-11-27T18:00:00Z');
    const at = (moment: string) =>
      say.place({
        availability: 'closed',
        position: 1,
        ahead: 0,
        estimate: null,
        opens: { at: Date.parse(moment), zone: 'Europe/Berlin', asOf },
      });
    expect(at('2026-11-30T08:00:00Z')).toBe(
      'Our team is not here right now; we are open again on Monday at 9:00 AM GMT+1. I have kept your place in the line.',
    );
    expect(at('2026-11-28T08:30:00Z')).toContain('open again tomorrow at 9:30 AM GMT+1.');
    expect(at('2026-11-27T20:00:00Z')).toContain('open again today at 9:00 PM GMT+1.');
    expect(at('2026-12-28T08:00:00Z')).toContain('open again on December 28 at 9:00 AM GMT+1.');
  });

  it('[WD2] promises nothing while the desk has not answered', () => {
    expect(say.connectingOnly('customer_asked')).not.toMatch(/\d|minute|ahead|next|soon|shortly/);
  });

  it('[WD3] rounds a wait up and says it as people do', () => {
    expect(say.range(minutes(0, 0.9))).toBe('less than a minute');
    expect(say.range(minutes(0.5, 1))).toBe('about 1 minute');
    expect(say.range(minutes(0.5, 2.5))).toBe('about 1 to 3 minutes');
    expect(say.range(minutes(3.1, 3.9))).toBe('about 4 minutes');
    expect(say.range(minutes(7, 17))).toBe('about 7 to 20 minutes');
    expect(say.range(minutes(40, 100))).toBe('about 40 minutes to 2 hours');
    expect(say.range(minutes(91, 100))).toBe('about 2 hours');
    expect(say.range(minutes(120, 260))).toBe('about 2 to 5 hours');
  });

  it('[WD4] asks with choices whose ids stay, whatever the language', () => {
    const ids = (locale: string | null) =>
      [words(locale).howToWait({ why: 'passed', bot: true }), words(locale).proposal('frustration')].map(
        ({ choices }) => choices.map(({ id }) => id),
      );
    expect(ids('en')).toEqual([
      ['wait:keep', 'wait:bot', 'wait:message', 'wait:callback'],
      ['handoff:yes', 'handoff:no'],
    ]);
    expect(say.proposal('frustration').text).toBe(
      "I'm sorry this is taking so long. Would you like me to connect you with a person?",
    );
    const reasons: HandoffReason[] = [
      'customer_asked',
      'bot_asked',
      'rule',
      'frustration',
      'repeated_fallback',
      'low_confidence',
      'restricted_topic',
      'bot_error',
      'bot_timeout',
      'agent_took_over',
      'api',
    ];
    for (const reason of reasons)
      expect(say.proposal(reason).text).toMatch(/^[A-Z].*\. Would you like me to connect you with a person\?$/);
  });

  it('[WD5] speaks English where it does not know the language', () => {
    for (const locale of [null, '', 'xx', 'en', 'EN-us', 'en_US', 'constructor', 'sv'])
      expect(words(locale).joined('Dana')).toBe('Dana joined');
  });
});

describe('isYes and isNo', () => {
  it('[WD6] read a plain yes or no', () => {
    for (const text of [
      'yes',
      'Yes!',
      'YES PLEASE',
      'yeah',
      'y',
      'ok',
      'Okay, please',
      'sure',
      'sure, thanks',
      'please',
      'Please do',
      'go ahead',
      'Yes, go ahead',
      "I'd like that",
      'that would be great, thanks',
      'of course',
      'connect me please',
      '👍',
      '👍🏽',
      "ok I'll wait",
    ]) {
      expect([text, isYes(text), isNo(text)]).toEqual([text, true, false]);
    }
    for (const text of [
      'no',
      'No.',
      'nope',
      'n',
      'no thanks',
      'No, thank you',
      'not now',
      'not yet',
      "no it's fine",
      "don't",
      'Never mind',
      'stop waiting',
      '👎',
    ]) {
      expect([text, isYes(text), isNo(text)]).toEqual([text, false, true]);
    }
  });

  it('[WD6] take everything else for an ordinary message', () => {
    for (const text of [
      '',
      ' ',
      '?',
      'yes but how long will it take',
      'no I want my money back',
      'where is my order',
      'yesterday',
      'notebook',
      'I said yes to the refund and no to the voucher',
      'maybe',
      'no no no this is the third time, get me a person',
      'yes and no',
      'thanks',
      'okay so my order is late',
    ]) {
      expect([text, isYes(text), isNo(text)]).toEqual([text, false, false]);
    }
  });
});
