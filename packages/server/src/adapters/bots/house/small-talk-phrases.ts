/**
 * Phrases by what they mean, as `plain` of small-talk.ts writes them and without its noise words. A message is small talk
 * if it is made of nothing but these: "hi, good morning! how are you" is. Where several meet, the kind that stands first
 * here is answered.
 */
export const PHRASES = {
  no_help: list(`
    not helpful, not helping, no help, useless, you are useless, this is useless, wrong, wrong answer, that is
    wrong, not right, not correct, not true, that is not it, that does not help, that did not help, this does not
    help, this did not help, it did not help, it does not help, did not help, does not help, that was not helpful,
    that is not helpful, not what i asked, that is not what i asked, not what i meant, that is not what i meant,
    that is not my question, you did not answer my question, you do not understand, you do not understand me, you
    did not help, i do not understand, i did not understand, what do you mean, what, huh, still not working, same
    problem, that is no answer
  `),
  are_you_a_bot: list(`
    are you bot, are you robot, are you human, are you person, are you machine, are you ai, are you computer, are
    you chatbot, are you human or bot, are you bot or human, are you human or robot, are you bot or person, are
    you person or bot, is this bot, is this human, is this person, is this ai, is this robot, is this bot or
    human, am i talking to bot, am i talking to human, am i talking to person, am i talking to robot, am i talking
    to machine, am i chatting with bot, am i chatting with human, am i chatting with person, am i speaking to bot,
    am i speaking to human, am i speaking with human, bot, robot
  `),
  who_are_you: list(`
    who are you, what is your name, who am i talking to, who am i chatting with, who am i speaking to, who am i
    speaking with, who is this, your name, how old are you, where are you from
  `),
  what_can_you_do: list(`
    what can you do, what can you help with, what can you help me with, how can you help, how can you help me,
    what do you know, what can i ask, what can i ask you, menu, options, start, support, help, help me, i need
    help, need help, i need some help, can you help, can you help me, could you help me, i have question, quick
    question, i have problem, i need assistance, assistance
  `),
  how_are_you: list(`
    how are you, how are you doing, how is it going, how do you do, how are things, how have you been, what is up,
    sup, how r u, how are u
  `),
  bye: list(`
    bye, bye bye, goodbye, good bye, good night, see you, see you later, see ya, cya, farewell, have great day,
    have good day, have nice day, have good one, have great one, have nice evening, have good weekend, have nice
    weekend, take care, talk later, ttyl
  `),
  thanks: list(`
    thanks, thank you, thank u, thanking you, thankyou, thx, thnx, ty, tysm, cheers, much appreciated,
    appreciated, appreciate it, i appreciate it, thanks lot, thank you lot, many thanks, 🙏, for help, for your
    help, for helping, for helping me, for info, for information, for your service, for you service, for your
    time, for your support, for answer, for your answer, for that
  `),
  nothing_else: list(`
    no, nope, nah, nothing, nothing else, nothing more, that is all, thats all, that is it, not now, not today, i
    am good, i am fine, all good, no more, it is enough, its enough, for now, anything else no
  `),
  praise: list(`
    great, good, good bot, good job, good work, great job, great work, good service, great service, excellent,
    excellent service, awesome, amazing, perfect, brilliant, cool, helpful, that was helpful, that is great, that
    is good, that is perfect, that helped, that helps, it worked, it works, nice, wonderful, super, lovely,
    fantastic, well done, you are great, you are best, you are helpful, 👍, ❤, 😊, 🙂, 😀
  `),
  greeting: list(`
    hi, hii, hiii, hai, haii, hello, helo, hallo, hullo, hola, hey, heya, hiya, heyy, yo, howdy, greetings, good
    morning, good afternoon, good evening, good day, gud mrg, gm, morning, afternoon, evening, dear sir, dear team, hi there,
    hello there, hey there, there, 👋
  `),
  all_right: list(`
    ok, okay, okey, oky, okie, okk, k, kk, alright, all right, fine, sure, yes, yeah, yep, yup, ya, i see, understood, got it,
    makes sense, that makes sense, right, correct, of course, exactly, noted, will do, done, sounds good, ah, oh,
    👌
  `),
  laughter: list(`
    lol, lool, lmao, rofl, ha, haha, hahaha, hahahaha, hehe, hehehe, 😂, 😂😂, 🤣, 😄
  `),
};

function list(text: string): string[] {
  return text.split(',').map((phrase) => phrase.trim().replace(/\s+/g, ' '));
}
