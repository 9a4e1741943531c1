import type { Phrases } from '#words/phrases.ts';

export const italian: Phrases = {
  tag: 'it',
  gap: ' ',
  yes: [
    'sì',
    'si',
    'sì grazie',
    'si grazie',
    'sì per favore',
    'si per favore',
    'per favore',
    'certo',
    'va bene',
    'daccordo',
    'volentieri',
    'aspetto',
    'sì aspetto',
    'continuo ad aspettare',
  ],
  no: ['no', 'no grazie', 'non ora', 'più tardi', 'non serve', 'annulla', 'lasci stare', 'meglio di no'],

  letMe: 'La metto in contatto con una persona del nostro team.',
  connectingOnly: 'La sto mettendo in contatto con il nostro team.',
  inLine: 'È in coda.',
  unknownWait: 'Non posso ancora dire quanto ci vorrà.',
  longer: 'Ci vuole più del previsto.',
  theWait: (range) => `L'attesa è di ${range}.`,
  ahead: (people) =>
    people === 0
      ? 'Il prossimo turno è il Suo'
      : people === 1
        ? "C'è 1 persona davanti a Lei"
        : `Ci sono ${people} persone davanti a Lei`,
  place: (ahead) => `${ahead}.`,
  placeAndWait: (ahead, range) => `${ahead}, ${range}.`,

  soon: 'meno di un minuto',
  about: (amount) => `circa ${amount}`,
  span: (low, high) => `circa da ${low} a ${high}`,
  minutes: (count) => (count === 1 ? '1 minuto' : `${count} minuti`),
  hours: (count) => (count === 1 ? '1 ora' : `${count} ore`),

  nobodyOnline:
    'In questo momento nessuno del nostro team è in linea. Ho conservato il Suo posto in coda; non posso ancora dire quanto ci vorrà.',
  openAgain: ({ when, day, time }) => {
    const moment = {
      today: `oggi alle ${time}`,
      tomorrow: `domani alle ${time}`,
      week: `${day} alle ${time}`,
      later: `il ${day} alle ${time}`,
    }[when];
    return `Il nostro team ora non c'è; riapriamo ${moment}. Ho conservato il Suo posto in coda.`;
  },

  longWait: {
    expected: 'Vuole continuare ad aspettare? Può anche fare altro e conservare il Suo posto.',
    passed:
      'È ancora in coda; mi dispiace che ci voglia tanto. Vuole continuare ad aspettare? Può anche fare altro e conservare il Suo posto.',
    closed: 'Che cosa vuole fare fino ad allora? Conserva il Suo posto in ogni caso.',
  },
  waits: {
    keep: 'Continuare ad aspettare',
    bot: "Proseguire con l'assistente",
    message: 'Lasciare un messaggio',
    callback: 'Rispondetemi più tardi',
  },
  meanwhile: {
    with_bot:
      'Conserva il Suo posto, e resto qui finché qualcuno del nostro team prende la conversazione. Che cosa posso fare?',
    message:
      'Scriva qui il Suo messaggio. Il nostro team lo leggerà e risponderà in questa finestra; può chiuderla e tornare, non va perso nulla.',
    callback:
      "Conserva il Suo posto e non deve restare: la risposta sarà in questa finestra al Suo ritorno. Se preferisce una telefonata o un'e-mail, scriva qui il numero o l'indirizzo.",
    here: 'Va bene, ora resto in silenzio. Ha conservato il Suo posto.',
  },

  waitLimit: 'Mi dispiace, nessuno del nostro team si è liberato, perciò ho chiuso la Sua attesa in coda.',
  deskFailed: 'Mi dispiace, in questo momento non ho potuto raggiungere il nostro team.',
  keepWriting: 'Può continuare a scrivere qui e chiedere di nuovo una persona in qualsiasi momento.',
  cancelled: 'Ha lasciato la coda. Può chiedere di nuovo una persona in qualsiasi momento.',
  agentLost: 'Mi dispiace, la persona che La stava aiutando ha perso la connessione.',
  agentSilent: 'Mi dispiace che nessuno Le abbia ancora risposto.',
  atTheFront: 'Ora ha il primo posto in coda, e chi continuerà vedrà tutto ciò che è stato scritto finora.',

  proposal: {
    leads: {
      topic: 'Di questo si occupa una persona del nostro team.',
      unknown: 'Mi dispiace, sembra che io non abbia la risposta che Le serve.',
      error: 'Mi dispiace, qualcosa è andato storto da parte mia.',
      person: 'Una persona del nostro team può aiutarLa.',
      slow: 'Mi dispiace che ci voglia tanto.',
    },
    question: 'Vuole che La metta in contatto con una persona?',
    yes: 'Sì, grazie',
    no: 'No, grazie',
  },
  proposalDeclined: 'Va bene. Può chiedere una persona in qualsiasi momento.',
  apology: 'Mi dispiace, non ho potuto rispondere. Riprovi, oppure chieda una persona.',
  botGone:
    'Mi dispiace, ora non posso rispondere. Ciò che ha scritto è conservato, e può chiedere una persona in qualsiasi momento.',
  loopGuard:
    'Mi dispiace, il collegamento non è riuscito più volte, perciò ho smesso di provare. La Sua conversazione è conservata e segnalata al nostro team.',
  returnedToBot: (agent) => `${agent ?? 'Il nostro team'} mi ha restituito la conversazione. Può continuare qui.`,

  letter: {
    subject: (team) => (team === '' ? 'Una risposta al Suo messaggio' : `${team}: una risposta al Suo messaggio`),
    greeting: (customer) => (customer === null ? 'Buongiorno,' : `Buongiorno ${customer},`),
    wrote: (agent) => (agent === '' ? 'Le abbiamo risposto:' : `${agent} Le ha risposto:`),
    goOn: (page) => (page === null ? 'Prosegua, per favore, nella chat.' : `Prosegua, per favore, nella chat: ${page}`),
  },

  joined: (name) => `${name} è qui`,
  left: (name) => `${name} non è più qui`,
  closed: 'Questa conversazione è terminata. Se Le serve altro, scriva di nuovo.',
  reopened: 'Grazie per essere tornati. Questa conversazione è di nuovo aperta.',
  transferred: (name) =>
    name === undefined
      ? "La conversazione passa a un'altra persona, che vedrà tutto ciò che è stato scritto finora."
      : `La conversazione è passata a ${name}, con tutto ciò che è stato scritto finora.`,
  held: 'La conversazione è in attesa. Può continuare a scrivere; non va perso nulla.',
  resumed: 'Grazie per aver atteso. Ora può continuare.',
};
