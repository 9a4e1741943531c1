import { cue } from './cue.ts';

const SOMETHING_OF_OURS = '(bot|chat|chatbot|thing|company|service|support|app|site|website|shop|bank)';
const VERY = '( (so|such|just|all|really|very|completely|totally|absolutely|fucking|a|an|bunch|of|the|not)){0,4}';

/**
 * Signs of anger by weight, heaviest first. The policy's usual threshold is 0.6: a mild or a strong word alone stays
 * below it, two kinds of signs together reach it, and so does abuse aimed at us. What is "terrible" may be a film.
 */
export const ANGER_CUES = [
  // Abuse aimed at us.
  cue(
    0.65,
    `
    (you|u|ur|youre|you guys|(this|your) ${SOMETHING_OF_OURS})( are| is| r)?${VERY} (useless|worthless|stupid|dumb|idiots?|morons?|fools?|clueless|incompetent)
    (you|u|ur|youre|you guys|(this|your) ${SOMETHING_OF_OURS})( are| is| r)?${VERY} (garbage|trash|rubbish|crap|shit|a joke|pathetic|terrible|horrible|awful|annoying)
    (you|u|ur|youre|you guys|(this|your) ${SOMETHING_OF_OURS})( are| is| r)?${VERY} (scam|scammers?|liars?|thieves|fraud|frauds|fraudsters|cheats|cheaters)
    (useless|worthless|stupid|dumb|idiotic|fucking|bloody|damn|shitty|crappy|pathetic) (robot|machine|computer|people|${SOMETHING_OF_OURS})
    fuck (you|u|off|this)
    screw (you|this)
    hate (you|u|this ${SOMETHING_OF_OURS})
    (go to hell|stfu|you suck|this sucks|fudge off|eff off)
    `,
  ),
  // Swearing. Four stars stand for a word that was starred out.
  cue(
    0.5,
    `
    (fuck*|fck*|motherfuck*|wtf|bullshit|shit*|[*]{4})
    (bitch*|bastards?|assholes?|arseholes?|dickheads?|cunts?|wankers?|idiots?|morons?|imbeciles?)
    (shut up|piss off)
    `,
  ),
  // Strong words about what happened.
  cue(
    0.45,
    `
    (?<!(not|isnt|wasnt|arent|never|no|so|that) )(ridiculous|useless|pathetic|terrible|horrible|awful|dreadful|absurd)
    (unacceptable|inacceptable|(not|isnt|never) acceptable|outrageous|disgusting|disgrace|disgraceful|appalling|atrocious)
    (shameful|shocking|scandalous|horrendous|disrespectful|worst|nonsense|rubbish|worthless|incompetent|clueless)
    (furious|angry|livid|enraged|pissed|pissed off|fed up|sick of|sick and tired|had (enough|it))
    (losing (my )?patience|run(ning)? out of patience|hours? of my life|nightmare)
    ((this|that|it|what) (is )?a joke|beyond a joke|how hard can it be|you people)
    (what is|whats) wrong with (you|this)
    (scam|scammed|scammers?|rip off|ripoff|ripped off|fraudsters?|liars?|(lying|lied) to)
    (no one|nobody|noone) (is )?(helps?|helping|answers?|answering|replies|replying|responds?|cares?|listens?|listening)
    `,
  ),
  // Threats.
  cue(
    0.4,
    `
    (i will|ill|im going to|i am going to|gonna|want to|have to) (sue|complain|report (you|this)|leave (you|your))
    (i will|ill|im going to|i am going to|gonna|want to|have to) (cancel everything|switch (to|away|provider)|go elsewhere)
    (i will|ill|im going to|i am going to|gonna|want to|have to) (close my account|take (my|our) (business|money)|tell everyone)
    (i will|ill|im going to|i am going to) never (use|buy|order|come|shop)
    never (using|buying|ordering|shopping|coming back|buy|order|use)( _){0,4} again
    (one|1) star review
    (bad|negative|terrible) review
    (file|make|raise|lodge|submit|register|write) (a |an )?(formal |official )?complaint
    (consumer (court|protection)|ombudsman|trading standards|lawyers?|lawsuit|legal action)
    (last time i (buy|order|use|shop)|(lost|losing) a customer)
    `,
  ),
  // Mild.
  cue(
    0.3,
    `
    (annoy|annoyed|annoying|annoys|frustrat*|irritated|irritating|disappoint*|upset|unhappy|dissatisfied|not happy)
    (unhelpful|no help|(not|isnt|arent|wasnt|never) (helping|helpful|helpfull|useful|good enough|working at all))
    (poor|bad|slow|terrible|pathetic|worst|horrible|rude) ((customer|delivery) )?(service|support|care|experience)
    (you|u|it|this|that) (does not|doesnt|dont|do not|cant|cannot|didnt|did not) (even )?(help|understand|listen|read|solve)
    (makes no sense|not make sense|doesnt make sense|going (round )?in circles|(leading|going) nowhere|not (leading|going) anywhere)
    (come on|seriously|unbelievable|are you kidding( me)?|you must be joking|for (gods|heavens|christs|fucks) sake)
    wast(e|ed|ing) (of )?(my |our )?time
    (useless|stupid|dumb|crap|crappy|damn|goddamn*|dammit|bloody|suck|sucks|joke|hate)
    (still waiting|taking forever|takes forever|waiting for ages)
    `,
  ),
];
