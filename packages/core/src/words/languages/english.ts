import type { Phrases } from '#words/phrases.ts';

export const english: Phrases = {
  tag: 'en',
  gap: ' ',
  // English has more ways to say it than a list: answer.ts.
  yes: [],
  no: [],

  letMe: 'Let me connect you with a member of our team.',
  connectingOnly: "I'm connecting you with our team.",
  inLine: 'You are in the line.',
  unknownWait: "I can't tell yet how long it will take.",
  longer: 'It is taking longer than expected.',
  theWait: (range) => `The wait is ${range}.`,
  ahead: (people) =>
    people === 0 ? 'You are next' : people === 1 ? '1 person is ahead of you' : `${people} people are ahead of you`,
  place: (ahead) => `${ahead}.`,
  placeAndWait: (ahead, range) => `${ahead}, ${range}.`,

  soon: 'less than a minute',
  about: (amount) => `about ${amount}`,
  span: (low, high) => `about ${low} to ${high}`,
  minutes: (count) => (count === 1 ? '1 minute' : `${count} minutes`),
  hours: (count) => (count === 1 ? '1 hour' : `${count} hours`),

  nobodyOnline:
    "Nobody from our team is online right now. I have kept your place in the line; I can't tell yet how long it will take.",
  openAgain: ({ when, day, time }) => {
    const moment = when === 'today' || when === 'tomorrow' ? `${when} at ${time}` : `on ${day} at ${time}`;
    return `Our team is not here right now; we are open again ${moment}. I have kept your place in the line.`;
  },

  longWait: {
    expected: 'Would you like to keep waiting? You can also do something else and keep your place.',
    passed:
      "You are still in the line, and I'm sorry that it takes so long. Would you like to keep waiting? You can also do something else and keep your place.",
    closed: 'What would you like to do until then? You keep your place in any case.',
  },
  waits: {
    keep: 'Keep waiting',
    bot: 'Go on with the assistant',
    message: 'Leave a message',
    callback: 'Answer me later',
  },
  meanwhile: {
    with_bot: 'You keep your place, and I am here for you until a member of our team takes over. What can I do?',
    message:
      'Please write your message here. Our team will read it and answer in this window; you can close it and come back, nothing gets lost.',
    callback:
      'You keep your place, and you do not have to stay: the answer will be in this window when you come back. If you would rather be called or emailed, write the number or the address here.',
    here: 'All right, I am silent now. You have kept your place.',
  },

  waitLimit: "I'm sorry, nobody from our team has become free, so I have taken you out of the line.",
  deskFailed: "I'm sorry, I could not reach our team just now.",
  keepWriting: 'You can keep writing here, and you can ask for a person again at any time.',
  cancelled: 'You have left the line. You can ask for a person again at any time.',
  agentLost: "I'm sorry, the person helping you has lost the connection.",
  agentSilent: "I'm sorry that nobody has answered you yet.",
  atTheFront: 'I have put you at the front of the line, and whoever takes over sees everything written so far.',

  proposal: {
    leads: {
      topic: 'This is something for a member of our team.',
      unknown: "I'm sorry, I don't seem to have the answer you need.",
      error: "I'm sorry, something went wrong on my side.",
      person: 'A member of our team can help you with this.',
      slow: "I'm sorry this is taking so long.",
    },
    question: 'Would you like me to connect you with a person?',
    yes: 'Yes, please',
    no: 'No, thank you',
  },
  proposalDeclined: 'All right. You can ask for a person at any time.',
  apology: "I'm sorry, I could not answer that. Please try again, or ask for a person.",
  botGone: "I'm sorry, I can't answer right now. What you wrote is kept, and you can ask for a person at any time.",
  loopGuard:
    "I'm sorry, connecting you has gone wrong several times, so I have stopped trying. Your conversation is kept and marked for our team.",
  returnedToBot: (agent) => `${agent ?? 'Our team'} has handed the conversation back to me. You can go on here.`,

  letter: {
    subject: (team) => (team === '' ? 'An answer to your message' : `${team}: an answer to your message`),
    greeting: (customer) => (customer === null ? 'Hello,' : `Hello ${customer},`),
    wrote: (agent) => (agent === '' ? 'we have answered you:' : `${agent} has answered you:`),
    goOn: (page) => (page === null ? 'Please go on in the chat.' : `Please go on in the chat: ${page}`),
  },

  joined: (name) => `${name} joined`,
  left: (name) => `${name} left`,
  closed: 'This conversation has ended. If you need anything else, just write again.',
  reopened: 'Welcome back. This conversation is open again.',
  transferred: (name) =>
    name === undefined
      ? 'You are being passed on to a colleague, who will see everything written so far.'
      : `You have been passed on to ${name}, who can see everything written so far.`,
  held: 'You are on hold. You can keep writing; nothing gets lost.',
  resumed: 'Thank you for holding. You can go on now.',
};
