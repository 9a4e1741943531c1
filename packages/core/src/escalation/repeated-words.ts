import { cue } from './cue.ts';

/** With one of these a question is a new one, however like the last. */
export const VARIATIONS: ReadonlySet<string> = new Set(
  'another different instead other others also else too actually change changed next'.split(' '),
);

/** The customer says himself that he repeats himself, or that he got no answer. Surest first. */
export const REPEAT_CUES = [
  cue(
    0.85,
    `
    (i|ive|i have) (already|just) (told|said|asked|answered|explained|gave|given|mentioned|wrote|sent|provided)
    already (told|asked) (you|this|that|twice)
    (told|asked|said|explained)( _){0,4} (twice|already|(many|several|multiple|two|three|four|five|2|3|4|5|10) times)
    (told|asked|said|explained)( _){0,4} (a )?(hundred|thousand|million) times
    (second|third|fourth|fifth|2nd|3rd|4th|5th|umpteenth|hundredth) time (i|im|ive|that i|now|already|asking|today)
    how many times (do|must|should|have) i
    (you|u) (keep|kept) (saying|asking|repeating|giving|telling|sending)
    (same|that) (answer|question|thing|reply|response)s? (again|over and over|every time|as before)
    (i am|im|keep|stop|hate|tired of|having to) repeat(ing)? (myself|yourself|this|that)
    (not|isnt|wasnt) (what i|my|the) (asked|question|meant|said)
    (did not|didnt|dont|not|never) (answer|answering|answered) (to )?(my|the|me)( question)?
    `,
  ),
  cue(
    0.7,
    `
    (as|like) i (said|told|mentioned|wrote|explained)( (you|before|earlier|above|already))?
    i (have )?(asked|said|told|mentioned)( _){0,3} (before|earlier|above)
    i repeat
    let me repeat
    once again i
    i ask(ed)? (you )?again
    asking (you )?again
    you (already|just) (asked|said|told)( me)?( that| this)?
    `,
  ),
];
