import { cue } from './cue.ts';

/** Words that say nothing about what a question is about. Negations stay out of this list: they change a question. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a an the this that these those there here it its is are was were be been being am im ive id ill you your yours youre u ur
  i me my mine we us our they them their he she his her him to of in on at by for from with about into as and or but so if then
  than do does did doing done have has had having can could will would shall should may might must please pls plz kindly ok okay
  yes yeah yep no nope hi hey hello hai dear sir madam maam thanks thank thx welcome just really very also too now still again
  already even well oh um uh hmm what whats which who whom when where why how whose let lets get got go going want wanted need
  needed like wanna gonna know tell say said ask asked help give given some any all each more much many one two sure right good
  morning evening afternoon day something anything thing things want wants needs looking look see think`.split(/\s+/),
);

/** The customer says himself that he repeats himself, or that he got no answer. */
export const REPEAT_CUES = [
  cue(
    0.85,
    `i(?: have|ve)? (?:already|just) (?:told|said|asked|answered|explained|gave|given|mentioned|wrote|sent|provided)(?: you| that| this| it)?
    |already (?:told|asked) (?:you|this|that|twice)
    |(?:told|asked|said|explained)(?: \\w+){0,4} (?:twice|already|many times|several times|(?:two|three|four|five|\\d+) times|(?:a )?(?:hundred|thousand|million) times|multiple times|over and over)
    |(?:second|third|fourth|fifth|2nd|3rd|4th|5th|umpteenth|hundredth) time (?:i|im|ive|that i|i am|now|already|asking|today)
    |how many times (?:do|must|should|have) i
    |(?:you|u) (?:keep|kept) (?:saying|asking|repeating|giving|telling|sending)
    |(?:same|that) (?:answer|question|thing|reply|response)s? (?:again|over and over|every time|as before)
    |(?:i am|im|i keep|stop|keep|hate|tired of|having to) repeat(?:ing)? (?:myself|yourself|this|that)
    |(?:not|isnt|wasnt) (?:what i|my|the) (?:asked|question|meant|said)
    |(?:did not|didnt|dont|not|never) (?:answer|answering|answered)(?: to)? (?:my|the|me)(?: question)?`,
  ),
  cue(0.7, 'as i (?:said|told|mentioned|wrote|explained)(?: \\w+)?|like i (?:said|told|mentioned)|i (?:have )?(?:asked|said|told|mentioned)(?: \\w+){0,3} (?:before|earlier|above)|i repeat|let me repeat|once again i|i ask(?:ed)? (?:you )?again|asking (?:you )?again|you (?:already|just) (?:asked|said|told)(?: me)?(?: that| this)'),
];

const WEIGHTS = { mild: 0.35, strong: 0.5, abuse: 0.6, threat: 0.45 } as const;

/** Signs of anger. One of them is not enough by itself (WEIGHTS against the policy's threshold); two are. */
export const ANGER_CUES = [
  cue(
    WEIGHTS.mild,
    `annoy(?:ed|ing|s)?|frustrat(?:ed|ing|ion|es)|irritat(?:ed|ing)|disappoint(?:ed|ing|ment)|upset|unhappy|dissatisfied|not happy|unhelpful
    |(?:not|isnt|arent|wasnt|never) (?:helping|helpful|working at all|good enough)|no help|poor (?:\\w+ )?(?:service|support)|bad (?:\\w+ )?(?:service|support)
    |(?:does not|doesnt|dont|do not) (?:help|make sense)|come on|for (?:gods|heavens|christs|fucks) sake|seriously|are you kidding(?: me)?|what a joke|going in circles|leading nowhere|waste of time|wast(?:e|ing) (?:of )?my time`,
  ),
  cue(
    WEIGHTS.strong,
    `ridiculous|useless|worst|unacceptable|inacceptable|outrageous|pathetic|disgusting|disgrace(?:ful)?|terrible|horrible|awful|appalling|atrocious|shameful|furious|angry|livid|pissed(?: off)?
    |fed up|had enough|sick of|sick and tired|(?:this|that|it) is a joke|absurd|nonsense|rubbish|garbage|worthless|incompetent|clueless|scam(?:mers?)?|rip ?off|fraudsters?|cheat(?:ers?|ed|ing)|lying|liars?|thieves|nightmare|insane|insult(?:ing)?|unbelievable|hate (?:you|this|your)`,
  ),
  cue(
    WEIGHTS.abuse,
    `fuck\\w*|f+u+c*k+\\w*|fck\\w*|wtf|stfu|shit\\w*|bullshit|bs|crap\\w*|damn\\w*|goddamn\\w*|goddam|bitch\\w*|bastards?|assholes?|arseholes?|dickheads?|idiots?|idiotic|morons?|stupid|dumb\\w*|imbeciles?|cunts?|wankers?|bloody|shut up|screw (?:you|this)|piss off|go to hell|suck(?:s|ing)?`,
  ),
  cue(
    WEIGHTS.threat,
    `(?:i will|ill|im going to|i am going to|going to|gonna|want to) (?:sue|report|complain|leave|cancel everything|switch|take (?:my|our) (?:business|money)|close my account|never (?:use|buy|order|come))
    |never (?:again|using|buying|ordering|coming back)|(?:one|1) star|bad review|negative review|(?:file|make|raise|lodge|submit) (?:a |an )?(?:formal |official )?complaint|consumer (?:court|protection)|ombudsman|trading standards|lawyers?|lawsuit|legal action|last time i`,
  ),
];
