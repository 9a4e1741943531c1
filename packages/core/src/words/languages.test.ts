import { describe, expect, it } from 'vitest';
import type { Estimate } from '#queue/estimate.ts';
import type { Outlook } from '#queue/outlook.ts';
import { isNo, isYes } from './answer.ts';
import { SPOKEN, words } from './words.ts';

const minutes = (low: number, high: number): Estimate => ({
  lowSeconds: low * 60,
  p50Seconds: ((low + high) / 2) * 60,
  highSeconds: high * 60,
  coverage: 0.8,
  basis: 'measured',
  asOf: 0,
});
const ahead = (people: number, estimate: Estimate | null = null): Outlook => ({
  availability: 'busy',
  position: people + 1,
  ahead: people,
  estimate,
});
const closed: Outlook = {
  availability: 'closed',
  position: 1,
  ahead: 0,
  estimate: null,
  opens: { at: Date.parse('2026-11-23T08:00:00Z'), zone: 'Europe/Berlin', asOf: Date.parse('2026-11-22T20:00:00Z') },
};

/** For 1, 2, 5 and 12 people; for 1, 2, 5 and 60 minutes; for 2 hours and 3. */
const FORMS: Record<string, { people: string[]; minutes: string[]; hours: string[] }> = {
  en: {
    people: ['1 person is', '2 people are', '5 people are', '12 people are'],
    minutes: ['about 1 minute', 'about 2 minutes', 'about 5 minutes', 'about 60 minutes'],
    hours: ['about 2 hours', 'about 3 hours'],
  },
  de: {
    people: ['1 Person ist', '2 Personen sind', '5 Personen sind', '12 Personen sind'],
    minutes: ['etwa 1 Minute', 'etwa 2 Minuten', 'etwa 5 Minuten', 'etwa 60 Minuten'],
    hours: ['etwa 2 Stunden', 'etwa 3 Stunden'],
  },
  fr: {
    people: ['1 personne est', '2 personnes sont', '5 personnes sont', '12 personnes sont'],
    minutes: ['environ 1 minute', 'environ 2 minutes', 'environ 5 minutes', 'environ 60 minutes'],
    hours: ['environ 2 heures', 'environ 3 heures'],
  },
  es: {
    people: ['Hay 1 persona', 'Hay 2 personas', 'Hay 5 personas', 'Hay 12 personas'],
    minutes: ['mente 1 minuto', 'mente 2 minutos', 'mente 5 minutos', 'mente 60 minutos'],
    hours: ['mente 2 horas', 'mente 3 horas'],
  },
  it: {
    people: ["C'è 1 persona", 'Ci sono 2 persone', 'Ci sono 5 persone', 'Ci sono 12 persone'],
    minutes: ['circa 1 minuto', 'circa 2 minuti', 'circa 5 minuti', 'circa 60 minuti'],
    hours: ['circa 2 ore', 'circa 3 ore'],
  },
  pt: {
    people: ['Há 1 pessoa', 'Há 2 pessoas', 'Há 5 pessoas', 'Há 12 pessoas'],
    minutes: ['cerca de 1 minuto', 'cerca de 2 minutos', 'cerca de 5 minutos', 'cerca de 60 minutos'],
    hours: ['cerca de 2 horas', 'cerca de 3 horas'],
  },
  nl: {
    people: ['Er is 1 persoon', 'Er zijn 2 personen', 'Er zijn 5 personen', 'Er zijn 12 personen'],
    minutes: ['ongeveer 1 minuut', 'ongeveer 2 minuten', 'ongeveer 5 minuten', 'ongeveer 60 minuten'],
    hours: ['ongeveer 2 uur', 'ongeveer 3 uur'],
  },
  pl: {
    people: ['jest 1 osoba', 'są 2 osoby', 'jest 5 osób', 'jest 12 osób'],
    minutes: ['około 1 minuty', 'około 2 minut', 'około 5 minut', 'około 60 minut'],
    hours: ['około 2 godzin', 'około 3 godzin'],
  },
  ar: {
    people: ['شخص واحد', 'شخصان', '5 أشخاص', '12 شخصًا'],
    minutes: ['دقيقة واحدة', 'دقيقتين', '5 دقائق', '60 دقيقة'],
    hours: ['ساعتين', '3 ساعات'],
  },
  ja: {
    people: ['1名', '2名', '5名', '12名'],
    minutes: ['約1分', '約2分', '約5分', '約60分'],
    hours: ['約2時間', '約3時間'],
  },
};

/** Everything that a language says, by what is said. */
function everything(locale: string): Record<string, string> {
  const say = words(locale);
  const question = ({ text, choices }: { text: string; choices: { label: string }[] }) =>
    [text, ...choices.map(({ label }) => label)].join(' | ');
  return {
    connecting: say.connecting(ahead(2, minutes(2, 4)), 'customer_asked'),
    unknown: say.connecting(ahead(2), 'customer_asked'),
    nowhere: say.place({ ...ahead(0), ahead: null }),
    onlyWait: say.place({ ...ahead(0, minutes(2, 4)), ahead: null }),
    next: say.place(ahead(0)),
    soon: say.range(minutes(0.1, 0.5)),
    longer: say.place({ ...ahead(1, minutes(4, 6)), longer: true }),
    closed: say.connecting(closed, 'customer_asked'),
    nobody: say.connecting({ ...ahead(0), availability: 'closed' }, 'customer_asked'),
    connectingOnly: say.connectingOnly('customer_asked'),
    failed: say.connecting(closed, 'bot_error'),
    ...Object.fromEntries(
      (['expected', 'passed', 'closed'] as const).map((why) => [
        `ask ${why}`,
        question(say.howToWait({ why, bot: true })),
      ]),
    ),
    ...Object.fromEntries(
      (['with_bot', 'message', 'callback', null] as const).map((how) => [`wait ${how}`, say.meanwhile(how)]),
    ),
    waitLimit: say.waitLimit(),
    deskFailed: say.deskFailed(),
    cancelled: say.cancelled(),
    agentLost: say.agentLost(),
    agentSilent: say.agentSilent(),
    ...Object.fromEntries(
      (['restricted_topic', 'low_confidence', 'bot_error', 'api', 'frustration'] as const).map((reason) => [
        `propose ${reason}`,
        question(say.proposal(reason)),
      ]),
    ),
    proposalDeclined: say.proposalDeclined(),
    apology: say.apology(),
    botGone: say.botGone(),
    loopGuard: say.loopGuard(),
    returned: say.returnedToBot('Dana'),
    returnedByTeam: say.returnedToBot(null),
    subject: say.letter({ customer: 'Ada', agent: 'Dana', team: 'Ambleton', said: ['x'], page: null }).subject,
    letter: say.letter({ customer: null, agent: '', team: '', said: ['x'], page: 'https://shop.example' }).text,
    joined: say.joined('Dana'),
    left: say.left('Dana'),
    closedConversation: say.closed(),
    reopened: say.reopened(),
    transferred: say.transferred(),
    transferredTo: say.transferred('Dana'),
    held: say.held(),
    resumed: say.resumed(),
  };
}

describe('languages', () => {
  it('[WD7] are ten', () => {
    expect(SPOKEN.toSorted()).toEqual(Object.keys(FORMS).toSorted());
  });

  it.each(Object.entries(FORMS))(
    '[WD7] %s counts people, minutes and hours with their right forms',
    (locale, forms) => {
      const say = words(locale);
      expect([1, 2, 5, 12].map((people) => say.place(ahead(people)))).toEqual(
        forms.people.map((form) => expect.stringContaining(form)),
      );
      expect([1, 2, 5, 60].map((count) => say.range(minutes(count, count)))).toEqual(
        forms.minutes.map((form) => expect.stringContaining(form)),
      );
      expect([2, 3].map((hours) => say.range(minutes(hours * 60, hours * 60)))).toEqual(
        forms.hours.map((form) => expect.stringContaining(form)),
      );
      const span = say.range(minutes(2, 4));
      expect([span.includes('2') || locale === 'ar', span.includes('4')]).toEqual([true, true]);
    },
  );

  it.each(SPOKEN)('[WD8] %s has every sentence, of its own, and ends it', (locale) => {
    const english = everything('en');
    for (const [what, text] of Object.entries(everything(locale))) {
      expect([what, text]).toEqual([what, expect.not.stringMatching(/undefined|\bnull\b| {2}|^\s|\s$/)]);
      expect(text.length, what).toBeGreaterThan(0);
      if (locale !== 'en') expect([what, text]).not.toEqual([what, english[what]]);
      if (!/joined|left|soon|letter|subject|ask|propose/.test(what))
        expect([what, text]).toEqual([what, expect.stringMatching(/[.?!。؟]$/)]);
    }
  });

  it.each(SPOKEN)('[WD2] %s promises no time where none is known', (locale) => {
    const all = everything(locale);
    for (const what of ['unknown', 'nowhere', 'next', 'nobody', 'connectingOnly'])
      expect([what, all[what]?.replace(/2/g, '')]).toEqual([what, expect.not.stringMatching(/\d/)]);
  });

  it.each([
    ['de', 'Ja, gerne!', 'Nein, danke.'],
    ['fr', "D'accord", 'Non merci'],
    ['es', 'Sí, por favor', 'No, gracias'],
    ['it', 'Sì, grazie', 'No, grazie'],
    ['pt', 'Sim, claro', 'Não, obrigada'],
    ['nl', 'Ja, graag', 'Nee, bedankt'],
    ['pl', 'Tak, poproszę', 'Nie, dziękuję'],
    ['ar', 'نعم، من فضلك', 'لا، شكرًا'],
    ['ja', 'はい、お願いします', 'いいえ、結構です'],
  ])('[WD6] %s understands a typed yes and no, and English', (locale, yes, no) => {
    for (const [text, is] of [
      [yes, true],
      [no, false],
      ['yes please', true],
      ['no thanks', false],
    ] as const)
      expect([text, isYes(text, locale), isNo(text, locale)]).toEqual([text, is, !is]);
    expect(isYes(yes, null) && locale !== 'de').toBe(false);
  });
});
