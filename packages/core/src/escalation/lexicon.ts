import { cue } from './cue.ts';

/** Words that say nothing about what a question is about. Negations stay out of this list: they change a question. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a an the this that these those there here it its is are was were be been being am im ive id ill you your yours youre u ur
  i me my mine we us our they them their he she his her him to of in on at by for from with about into as and or but so if then
  than do does did doing done have has had having can could will would shall should may might must please pls plz kindly ok okay
  yes yeah yep no nope hi hey hello hai dear sir madam maam thanks thank thx welcome just really very also too now still again
  already even well oh um alright appreciate assistance better best bye goodbye correct exactly confirm agree yup uh hmm what whats which who whom when where why how whose let lets get got go going want wanted need
  needed like wanna gonna know tell say said ask asked help give given some any all each more much many one two sure right good
  morning evening afternoon day something anything thing things want wants needs looking look see think
  sound sounds great perfect nice fine awesome cool wonderful lovely much lot please yet`.split(/\s+/),
);

/** With one of these a question is a new one, however like the last. */
export const VARIATIONS: ReadonlySet<string> = new Set(
  'another different instead other others also else too actually change changed next'.split(' '),
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
  cue(
    0.7,
    'as i (?:said|told|mentioned|wrote|explained)(?: \\w+)?|like i (?:said|told|mentioned)|i (?:have )?(?:asked|said|told|mentioned)(?: \\w+){0,3} (?:before|earlier|above)|i repeat|let me repeat|once again i|i ask(?:ed)? (?:you )?again|asking (?:you )?again|you (?:already|just) (?:asked|said|told)(?: me)?(?: that| this)',
  ),
];

/**
 * Signs of anger by weight. The policy's usual threshold is 0.6: a mild or a strong word alone stays below it, two
 * kinds of signs together reach it, and so does abuse aimed at us. What somebody calls "terrible" may be a film.
 */
export const ANGER_CUES = [
  // Aimed at us.
  cue(
    0.65,
    `(?:you|u|ur|youre|you guys|this (?:bot|chat|thing|company|service|app|site)|your (?:bot|chat|company|service|app|site|support))(?: are| is| r)?(?: (?:so|such|just|all|really|completely|totally|absolutely|fucking|a|an|bunch|of|one|the|not)){0,4}
     (?:useless|stupid|dumb|idiots?|morons?|pathetic|worthless|incompetent|clueless|garbage|trash|rubbish|crap|shit|a joke|scam(?:mers?)?|liars?|thieves|fraud(?:sters?)?|cheat(?:s|ers?)?|terrible|horrible|awful|annoying|fool(?:s|ish)?)
    |(?:useless|stupid|dumb|idiotic|fucking|bloody|damn|shitty|pathetic|worthless|crappy) (?:bot|robot|machine|chatbot|computer|company|service|support|people|app|site|thing)
    |fuck (?:you|off|this|u)|screw (?:you|this)|stfu|go to hell|fudge off|eff off|hate (?:you|u|this (?:bot|company|chat|service|app))|you suck|this sucks`,
  ),
  cue(
    0.5,
    `fuck\\w*|f[*]+\\w*|fck\\w*|motherfuck\\w*|wtf|bullshit|shit\\w*|bitch\\w*|bastards?|assholes?|arseholes?|dickheads?|cunts?|wankers?|idiots?|morons?|imbeciles?|shut up|piss off`,
  ),
  // About what happened.
  cue(
    0.45,
    `(?<!(?:not|isnt|wasnt|arent|never|no|so|that) )(?:ridiculous|useless|unacceptable|inacceptable|outrageous|pathetic|disgusting|disgrace(?:ful)?|terrible|horrible|awful|appalling|atrocious|shameful|horrendous|dreadful|absurd|shocking|scandalous|disrespectful)
    |worst|(?:not|isnt|never) acceptable|furious|angry|livid|enraged|pissed(?: off)?|fed up|had (?:enough|it)|sick of|sick and tired|(?:this|that|it|what) (?:is )?a joke|nonsense|rubbish|worthless|incompetent|clueless
    |scam(?:med|mers?)?|rip ?off|ripped off|fraudsters?|lying to|lied to|liars?|nightmare|losing (?:my )?patience|run(?:ning)? out of patience|how hard can it be|(?:what is|whats) wrong with (?:you|this)|hours? of my life|beyond a joke|you people
    |(?:no one|nobody|noone) (?:is )?(?:helps?|helping|answers?|answering|replies|replying|responds?|responding|cares?|listens?|listening)`,
  ),
  cue(
    0.4,
    `(?:i will|ill|im going to|i am going to|gonna|want to|have to) (?:sue|report (?:you|this)|complain|leave (?:you|your)|cancel everything|switch (?:to|away|provider)|take (?:my|our) (?:business|money)|close my account|never (?:use|buy|order|come|shop)|tell everyone|go elsewhere)
    |never (?:using|buying|ordering|shopping|coming back|buy|order|use)(?: \\w+){0,4} again|(?:one|1) star review|(?:bad|negative|terrible) review|(?:file|make|raise|lodge|submit|register|write) (?:a |an )?(?:formal |official )?complaint|consumer (?:court|protection)|ombudsman|trading standards|lawyers?|lawsuit|legal action|last time i (?:buy|order|use|shop)|lost a customer|losing a customer`,
  ),
  // Mild.
  cue(
    0.3,
    `annoy(?:ed|ing|s)?|frustrat(?:ed|ing|ion|es)|irritat(?:ed|ing)|disappoint(?:ed|ing|ment)|upset|unhappy|dissatisfied|not happy|unhelpful|no help
    |(?:not|isnt|arent|wasnt|never) (?:helping|helpful|helpfull|working at all|good enough|useful|what i asked)|(?:poor|bad|slow|terrible|pathetic|worst|horrible|rude) (?:customer |delivery )?(?:service|support|care|experience)
    |(?:you|u|it|this|that) (?:does not|doesnt|dont|do not|cant|cannot|didnt|did not) (?:even )?(?:help|make sense|understand|listen|read|solve|get it)|makes no sense|come on|for (?:gods|heavens|christs|fucks|gods) sake|seriously|are you kidding(?: me)?|you must be joking
    |going (?:round )?in circles|(?:leading|going) (?:nowhere|anywhere)|wast(?:e|ed|ing) (?:of )?(?:my |our )?time|useless|stupid|dumb|crap|crappy|damn|goddamn\\w*|dammit|bloody|suck|sucks|joke|hate|unbelievable|still waiting|taking forever|ages`,
  ),
];
