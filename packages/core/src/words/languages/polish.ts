import type { Phrases } from '#words/phrases.ts';

const PLURAL = new Intl.PluralRules('pl');

function people(count: number): string {
  switch (PLURAL.select(count)) {
    case 'one':
      return `Przed Tobą jest ${count} osoba`;
    case 'few':
      return `Przed Tobą są ${count} osoby`;
    default:
      return `Przed Tobą jest ${count} osób`;
  }
}

export const polish: Phrases = {
  tag: 'pl',
  gap: ' ',
  // Not "no", which is a yes among friends and a no to everybody else.
  yes: [
    'tak',
    'tak proszę',
    'proszę',
    'poproszę',
    'tak poproszę',
    'jasne',
    'dobrze',
    'oczywiście',
    'zgoda',
    'czekam',
    'poczekam',
    'tak poczekam',
    'czekam dalej',
  ],
  no: ['nie', 'nie dziękuję', 'nie dzięki', 'nie teraz', 'później', 'nie trzeba', 'anuluj', 'raczej nie'],

  letMe: 'Łączę z osobą z naszego zespołu.',
  connectingOnly: 'Łączę z naszym zespołem.',
  inLine: 'Jesteś w kolejce.',
  unknownWait: 'Nie wiem jeszcze, jak długo to potrwa.',
  longer: 'To trwa dłużej, niż przewidywaliśmy.',
  theWait: (range) => `Czas oczekiwania to ${range}.`,
  ahead: (count) => (count === 0 ? 'Następna kolej jest Twoja' : people(count)),
  place: (ahead) => `${ahead}.`,
  placeAndWait: (ahead, range) => `${ahead}, ${range}.`,

  soon: 'mniej niż minuta',
  about: (amount) => `około ${amount}`,
  span: (low, high) => `około ${low} do ${high}`,
  // "około" and "do" ask for the genitive, which has one form for all but 1.
  minutes: (count) => (count === 1 ? '1 minuty' : `${count} minut`),
  hours: (count) => (count === 1 ? '1 godziny' : `${count} godzin`),

  nobodyOnline:
    'W tej chwili nikt z naszego zespołu nie jest dostępny. Twoje miejsce w kolejce jest zachowane; nie wiem jeszcze, jak długo to potrwa.',
  openAgain: ({ when, day, time }) => {
    const moment = {
      today: `dziś o ${time}`,
      tomorrow: `jutro o ${time}`,
      week: `${day}, ${time}`,
      later: `${day}, ${time}`,
    }[when];
    return `Naszego zespołu teraz nie ma; wracamy: ${moment}. Twoje miejsce w kolejce jest zachowane.`;
  },

  longWait: {
    expected: 'Czy chcesz czekać dalej? Możesz też zająć się czymś innym i zachować miejsce.',
    passed:
      'Nadal jesteś w kolejce; przykro mi, że to tak długo trwa. Czy chcesz czekać dalej? Możesz też zająć się czymś innym i zachować miejsce.',
    closed: 'Co chcesz zrobić do tego czasu? Twoje miejsce i tak zostaje zachowane.',
  },
  waits: {
    keep: 'Czekam dalej',
    bot: 'Dalej z asystentem',
    message: 'Zostawiam wiadomość',
    callback: 'Odpowiedzcie później',
  },
  meanwhile: {
    with_bot: 'Zachowujesz miejsce, a ja pomagam, dopóki ktoś z naszego zespołu nie przejmie rozmowy. Co mogę zrobić?',
    message:
      'Napisz swoją wiadomość tutaj. Nasz zespół ją przeczyta i odpowie w tym oknie; możesz je zamknąć i wrócić, nic nie zginie.',
    callback:
      'Zachowujesz miejsce i nie musisz tu zostawać: odpowiedź będzie w tym oknie, gdy wrócisz. Jeśli wolisz telefon lub e-mail, wpisz tutaj numer albo adres.',
    here: 'Dobrze, teraz milczę. Twoje miejsce jest zachowane.',
  },

  waitLimit: 'Przykro mi, nikt z naszego zespołu nie był wolny, więc czekanie w kolejce zostało zakończone.',
  deskFailed: 'Przykro mi, nie udało się teraz połączyć z naszym zespołem.',
  keepWriting: 'Możesz pisać tutaj dalej i w każdej chwili znów poprosić o człowieka.',
  cancelled: 'To koniec czekania w kolejce. W każdej chwili możesz znów poprosić o człowieka.',
  agentLost: 'Przykro mi, osoba, która pomagała, straciła połączenie.',
  agentSilent: 'Przykro mi, że nikt jeszcze nie odpowiedział.',
  atTheFront: 'Masz teraz pierwsze miejsce w kolejce, a kto przejmie rozmowę, zobaczy wszystko, co zostało napisane.',

  proposal: {
    leads: {
      topic: 'Tym zajmuje się osoba z naszego zespołu.',
      unknown: 'Przykro mi, chyba nie mam odpowiedzi, której potrzebujesz.',
      error: 'Przykro mi, coś poszło nie tak po mojej stronie.',
      person: 'Ktoś z naszego zespołu może w tym pomóc.',
      slow: 'Przykro mi, że to tak długo trwa.',
    },
    question: 'Czy mam połączyć z człowiekiem?',
    yes: 'Tak, proszę',
    no: 'Nie, dziękuję',
  },
  proposalDeclined: 'Dobrze. W każdej chwili możesz poprosić o człowieka.',
  apology: 'Przykro mi, nie udało mi się odpowiedzieć. Spróbuj jeszcze raz albo poproś o człowieka.',
  botGone:
    'Przykro mi, teraz nie mogę odpowiedzieć. To, co zostało napisane, jest zachowane, i w każdej chwili możesz poprosić o człowieka.',
  loopGuard:
    'Przykro mi, łączenie kilka razy się nie udało, więc więcej nie próbuję. Rozmowa jest zachowana i oznaczona dla naszego zespołu.',
  returnedToBot: (agent) =>
    agent === null
      ? 'Nasz zespół przekazał mi rozmowę z powrotem. Możesz kontynuować tutaj.'
      : `${agent}: rozmowa wraca do mnie. Możesz kontynuować tutaj.`,

  letter: {
    subject: (team) => (team === '' ? 'Odpowiedź na Twoją wiadomość' : `${team}: odpowiedź na Twoją wiadomość`),
    greeting: (customer) => (customer === null ? 'Dzień dobry,' : `Dzień dobry, ${customer},`),
    wrote: (agent) => (agent === '' ? 'oto nasza odpowiedź:' : `oto odpowiedź (${agent}):`),
    goOn: (page) => (page === null ? 'Prosimy kontynuować na czacie.' : `Prosimy kontynuować na czacie: ${page}`),
  },

  joined: (name) => `${name} jest w rozmowie`,
  left: (name) => `${name} poza rozmową`,
  closed: 'Ta rozmowa jest zakończona. Jeśli potrzebujesz czegoś jeszcze, po prostu napisz ponownie.',
  reopened: 'Witamy ponownie. Ta rozmowa jest znów otwarta.',
  transferred: (name) =>
    name === undefined
      ? 'Rozmowę przejmie inna osoba, która zobaczy wszystko, co zostało napisane.'
      : `Rozmowę przejmuje ${name}, ze wszystkim, co zostało napisane.`,
  held: 'Rozmowa jest wstrzymana. Możesz pisać dalej; nic nie zginie.',
  resumed: 'Dziękujemy za cierpliwość. Możesz kontynuować.',
};
