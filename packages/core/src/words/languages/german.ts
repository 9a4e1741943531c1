import type { Phrases } from '#words/phrases.ts';

export const german: Phrases = {
  tag: 'de',
  gap: ' ',
  yes: [
    'ja',
    'ja bitte',
    'ja gerne',
    'gerne',
    'ja gern',
    'gern',
    'jo',
    'jawohl',
    'klar',
    'ja klar',
    'natürlich',
    'in ordnung',
    'einverstanden',
    'bitte',
    'ich warte',
    'ja ich warte',
    'weiter warten',
  ],
  no: ['nein', 'nein danke', 'ne', 'nee', 'nö', 'lieber nicht', 'nicht nötig', 'abbrechen', 'jetzt nicht', 'später'],

  letMe: 'Ich verbinde Sie mit jemandem aus unserem Team.',
  connectingOnly: 'Ich verbinde Sie mit unserem Team.',
  inLine: 'Sie sind in der Warteschlange.',
  unknownWait: 'Wie lange es dauert, kann ich noch nicht sagen.',
  longer: 'Es dauert länger als erwartet.',
  theWait: (range) => `Die Wartezeit beträgt ${range}.`,
  ahead: (people) =>
    people === 0
      ? 'Sie sind als Nächstes dran'
      : people === 1
        ? '1 Person ist vor Ihnen'
        : `${people} Personen sind vor Ihnen`,
  place: (ahead) => `${ahead}.`,
  placeAndWait: (ahead, range) => `${ahead}, ${range}.`,

  soon: 'weniger als eine Minute',
  about: (amount) => `etwa ${amount}`,
  span: (low, high) => `etwa ${low} bis ${high}`,
  minutes: (count) => (count === 1 ? '1 Minute' : `${count} Minuten`),
  hours: (count) => (count === 1 ? '1 Stunde' : `${count} Stunden`),

  nobodyOnline:
    'Im Moment ist niemand aus unserem Team online. Ihren Platz in der Warteschlange habe ich behalten; wie lange es dauert, kann ich noch nicht sagen.',
  openAgain: ({ when, day, time }) => {
    const moment = {
      today: `heute um ${time}`,
      tomorrow: `morgen um ${time}`,
      week: `am ${day} um ${time}`,
      later: `am ${day} um ${time}`,
    }[when];
    return `Unser Team ist gerade nicht da; wir sind ${moment} wieder für Sie da. Ihren Platz in der Warteschlange habe ich behalten.`;
  },

  longWait: {
    expected: 'Möchten Sie weiter warten? Sie können auch etwas anderes tun und Ihren Platz behalten.',
    passed:
      'Sie sind noch in der Warteschlange; es tut mir leid, dass es so lange dauert. Möchten Sie weiter warten? Sie können auch etwas anderes tun und Ihren Platz behalten.',
    closed: 'Was möchten Sie bis dahin tun? Ihren Platz behalten Sie auf jeden Fall.',
  },
  waits: {
    keep: 'Weiter warten',
    bot: 'Mit dem Assistenten weitermachen',
    message: 'Nachricht hinterlassen',
    callback: 'Später antworten',
  },
  meanwhile: {
    with_bot:
      'Sie behalten Ihren Platz, und ich bin für Sie da, bis jemand aus unserem Team übernimmt. Was kann ich tun?',
    message:
      'Bitte schreiben Sie Ihre Nachricht hier. Unser Team liest sie und antwortet in diesem Fenster; Sie können es schließen und wiederkommen, es geht nichts verloren.',
    callback:
      'Sie behalten Ihren Platz und müssen nicht hierbleiben: Die Antwort steht in diesem Fenster, wenn Sie wiederkommen. Möchten Sie lieber angerufen werden oder eine E-Mail bekommen, schreiben Sie Nummer oder Adresse hier auf.',
    here: 'In Ordnung, ich bin jetzt still. Ihren Platz haben Sie behalten.',
  },

  waitLimit: 'Leider ist niemand aus unserem Team frei geworden, daher habe ich Sie aus der Warteschlange genommen.',
  deskFailed: 'Leider konnte ich unser Team gerade nicht erreichen.',
  keepWriting: 'Sie können hier weiterschreiben und jederzeit wieder nach einem Menschen fragen.',
  cancelled: 'Sie haben die Warteschlange verlassen. Sie können jederzeit wieder nach einem Menschen fragen.',
  agentLost: 'Leider ist die Verbindung zu der Person, die Ihnen geholfen hat, abgebrochen.',
  agentSilent: 'Es tut mir leid, dass Ihnen noch niemand geantwortet hat.',
  atTheFront:
    'Sie stehen jetzt ganz vorn in der Warteschlange, und wer übernimmt, sieht alles, was bisher geschrieben wurde.',

  proposal: {
    leads: {
      topic: 'Das ist etwas für jemanden aus unserem Team.',
      unknown: 'Leider habe ich die Antwort, die Sie brauchen, offenbar nicht.',
      error: 'Leider ist auf meiner Seite etwas schiefgegangen.',
      person: 'Jemand aus unserem Team kann Ihnen dabei helfen.',
      slow: 'Es tut mir leid, dass es so lange dauert.',
    },
    question: 'Soll ich Sie mit einem Menschen verbinden?',
    yes: 'Ja, bitte',
    no: 'Nein, danke',
  },
  proposalDeclined: 'In Ordnung. Sie können jederzeit nach einem Menschen fragen.',
  apology:
    'Leider konnte ich das nicht beantworten. Bitte versuchen Sie es noch einmal, oder fragen Sie nach einem Menschen.',
  botGone:
    'Leider kann ich gerade nicht antworten. Was Sie geschrieben haben, bleibt erhalten, und Sie können jederzeit nach einem Menschen fragen.',
  loopGuard:
    'Leider ist das Verbinden mehrmals schiefgegangen, daher versuche ich es nicht weiter. Ihr Gespräch bleibt erhalten und ist für unser Team markiert.',
  returnedToBot: (agent) =>
    `${agent ?? 'Unser Team'} hat das Gespräch an mich zurückgegeben. Sie können hier weitermachen.`,

  letter: {
    subject: (team) => (team === '' ? 'Eine Antwort auf Ihre Nachricht' : `${team}: eine Antwort auf Ihre Nachricht`),
    greeting: (customer) => (customer === null ? 'Guten Tag,' : `Guten Tag ${customer},`),
    wrote: (agent) => (agent === '' ? 'wir haben Ihnen geantwortet:' : `${agent} hat Ihnen geantwortet:`),
    goOn: (page) => (page === null ? 'Bitte antworten Sie im Chat.' : `Bitte antworten Sie im Chat: ${page}`),
  },

  joined: (name) => `${name} ist jetzt da`,
  left: (name) => `${name} ist gegangen`,
  closed: 'Dieses Gespräch ist beendet. Wenn Sie noch etwas brauchen, schreiben Sie einfach wieder.',
  reopened: 'Willkommen zurück. Dieses Gespräch ist wieder offen.',
  transferred: (name) =>
    name === undefined
      ? 'Sie werden weitergegeben; wer übernimmt, sieht alles, was bisher geschrieben wurde.'
      : `Sie wurden an ${name} weitergegeben, mit allem, was bisher geschrieben wurde.`,
  held: 'Das Gespräch ist angehalten. Sie können weiterschreiben; es geht nichts verloren.',
  resumed: 'Danke für Ihre Geduld. Es kann weitergehen.',
};
