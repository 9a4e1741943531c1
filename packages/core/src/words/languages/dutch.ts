import type { Phrases } from '#words/phrases.ts';

export const dutch: Phrases = {
  tag: 'nl',
  gap: ' ',
  yes: [
    'ja',
    'ja graag',
    'graag',
    'jazeker',
    'ja hoor',
    'prima',
    'is goed',
    'dat is goed',
    'natuurlijk',
    'alstublieft',
    'ja alstublieft',
    'ik wacht',
    'ja ik wacht',
    'blijven wachten',
  ],
  no: [
    'nee',
    'nee bedankt',
    'nee dank u',
    'nee hoor',
    'nu niet',
    'later',
    'niet nodig',
    'annuleren',
    'laat maar',
    'liever niet',
  ],

  letMe: 'Ik breng u in contact met iemand van ons team.',
  connectingOnly: 'Ik breng u in contact met ons team.',
  inLine: 'U staat in de wachtrij.',
  unknownWait: 'Ik kan nog niet zeggen hoe lang het duurt.',
  longer: 'Het duurt langer dan verwacht.',
  theWait: (range) => `De wachttijd is ${range}.`,
  ahead: (people) =>
    people === 0 ? 'U bent de volgende' : people === 1 ? 'Er is 1 persoon vóór u' : `Er zijn ${people} personen vóór u`,
  place: (ahead) => `${ahead}.`,
  placeAndWait: (ahead, range) => `${ahead}, ${range}.`,

  soon: 'minder dan een minuut',
  about: (amount) => `ongeveer ${amount}`,
  span: (low, high) => `ongeveer ${low} tot ${high}`,
  minutes: (count) => (count === 1 ? '1 minuut' : `${count} minuten`),
  // "2 uur": units of time that follow a number stay singular.
  hours: (count) => `${count} uur`,

  nobodyOnline:
    'Op dit moment is niemand van ons team online. Ik heb uw plaats in de wachtrij bewaard; ik kan nog niet zeggen hoe lang het duurt.',
  openAgain: ({ when, day, time }) => {
    const moment = {
      today: `vandaag om ${time}`,
      tomorrow: `morgen om ${time}`,
      week: `${day} om ${time}`,
      later: `op ${day} om ${time}`,
    }[when];
    return `Ons team is er nu niet; we zijn er ${moment} weer. Ik heb uw plaats in de wachtrij bewaard.`;
  },

  longWait: {
    expected: 'Wilt u blijven wachten? U kunt ook iets anders doen en uw plaats houden.',
    passed:
      'U staat nog in de wachtrij; het spijt me dat het zo lang duurt. Wilt u blijven wachten? U kunt ook iets anders doen en uw plaats houden.',
    closed: 'Wat wilt u tot dan doen? U houdt in elk geval uw plaats.',
  },
  waits: {
    keep: 'Blijven wachten',
    bot: 'Verder met de assistent',
    message: 'Een bericht achterlaten',
    callback: 'Later antwoorden',
  },
  meanwhile: {
    with_bot: 'U houdt uw plaats, en ik ben er voor u tot iemand van ons team het overneemt. Wat kan ik doen?',
    message:
      'Schrijf uw bericht hier. Ons team leest het en antwoordt in dit venster; u kunt het sluiten en terugkomen, er gaat niets verloren.',
    callback:
      'U houdt uw plaats en hoeft niet te blijven: het antwoord staat in dit venster als u terugkomt. Wilt u liever gebeld of gemaild worden, schrijf dan het nummer of het adres hier op.',
    here: 'Goed, ik ben nu stil. U hebt uw plaats gehouden.',
  },

  waitLimit: 'Helaas is niemand van ons team vrijgekomen, daarom heb ik u uit de wachtrij gehaald.',
  deskFailed: 'Helaas kon ik ons team nu niet bereiken.',
  keepWriting: 'U kunt hier blijven schrijven en altijd opnieuw om een persoon vragen.',
  cancelled: 'U hebt de wachtrij verlaten. U kunt altijd opnieuw om een persoon vragen.',
  agentLost: 'Helaas is de verbinding met degene die u hielp verbroken.',
  agentSilent: 'Het spijt me dat niemand u nog heeft geantwoord.',
  atTheFront: 'U staat nu vooraan in de wachtrij, en wie het overneemt ziet alles wat tot nu toe is geschreven.',

  proposal: {
    leads: {
      topic: 'Dit is iets voor iemand van ons team.',
      unknown: 'Helaas heb ik het antwoord dat u nodig hebt blijkbaar niet.',
      error: 'Helaas ging er bij mij iets mis.',
      person: 'Iemand van ons team kan u hiermee helpen.',
      slow: 'Het spijt me dat het zo lang duurt.',
    },
    question: 'Zal ik u in contact brengen met een persoon?',
    yes: 'Ja, graag',
    no: 'Nee, bedankt',
  },
  proposalDeclined: 'Goed. U kunt altijd om een persoon vragen.',
  apology: 'Helaas kon ik dat niet beantwoorden. Probeer het opnieuw, of vraag om een persoon.',
  botGone: 'Helaas kan ik nu niet antwoorden. Wat u schreef is bewaard, en u kunt altijd om een persoon vragen.',
  loopGuard:
    'Helaas ging het verbinden een paar keer mis, daarom probeer ik het niet verder. Uw gesprek is bewaard en gemarkeerd voor ons team.',
  returnedToBot: (agent) => `${agent ?? 'Ons team'} heeft het gesprek aan mij teruggegeven. U kunt hier verdergaan.`,

  letter: {
    subject: (team) => (team === '' ? 'Een antwoord op uw bericht' : `${team}: een antwoord op uw bericht`),
    greeting: (customer) => (customer === null ? 'Hallo,' : `Hallo ${customer},`),
    wrote: (agent) => (agent === '' ? 'we hebben u geantwoord:' : `${agent} heeft u geantwoord:`),
    goOn: (page) => (page === null ? 'Ga alstublieft verder in de chat.' : `Ga alstublieft verder in de chat: ${page}`),
  },

  joined: (name) => `${name} is er`,
  left: (name) => `${name} is weg`,
  closed: 'Dit gesprek is beëindigd. Hebt u nog iets nodig, schrijf dan gewoon opnieuw.',
  reopened: 'Welkom terug. Dit gesprek is weer open.',
  transferred: (name) =>
    name === undefined
      ? 'U wordt doorgegeven aan een collega, die alles ziet wat tot nu toe is geschreven.'
      : `U bent doorgegeven aan ${name}, met alles wat tot nu toe is geschreven.`,
  held: 'Het gesprek staat in de wacht. U kunt blijven schrijven; er gaat niets verloren.',
  resumed: 'Bedankt voor het wachten. U kunt verdergaan.',
};
