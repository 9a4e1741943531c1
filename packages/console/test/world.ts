import type { BotReport, ConversationId, Part } from '@baton/core';
import { AGENTS, ME, ref } from './agents.ts';
import type { FakeHub, Talk } from './hub.ts';
import { CHANNEL } from './present.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const BOT = { role: 'bot', id: 'int_house', name: 'Fern' } as const;

/** One conversation being written: each step a little later than the one before. */
class Story {
  readonly id: ConversationId;
  readonly #hub: FakeHub;
  readonly #customer: `cus_${string}`;
  #at: number;

  constructor(
    hub: FakeHub,
    name: string | null,
    startedAt: number,
    more: Partial<Talk['customer']> = {},
    page?: Talk['page'],
  ) {
    this.#hub = hub;
    this.#at = startedAt;
    this.id = hub.newId('cnv');
    this.#customer = hub.newId('cus');
    hub.submit(
      this.id,
      {
        type: 'open',
        id: this.id,
        workspace: 'wsp_1',
        channel: CHANNEL.id,
        customer: this.#customer,
        bot: BOT.id,
        locale: 'en',
        ...(page && { page }),
      },
      startedAt,
    );
    this.talk.customer = { ...this.talk.customer, id: this.#customer, name, ...more };
    this.talk.page = page ?? null;
  }

  get talk(): Talk {
    return this.#hub.talks.get(this.id) as Talk;
  }

  wait(ms: number): this {
    this.#at += ms;
    return this;
  }

  customer(text: string, parts: Part[] = []): this {
    this.#hub.submit(
      this.id,
      { type: 'say', author: { role: 'customer', id: this.#customer }, parts: [{ type: 'text', text }, ...parts] },
      this.#next(text),
    );
    return this;
  }

  bot(text: string, report?: BotReport, parts: Part[] = []): this {
    this.#hub.submit(
      this.id,
      { type: 'say', author: BOT, parts: [{ type: 'text', text }, ...parts], ...(report && { bot: report }) },
      this.#next(text),
    );
    return this;
  }

  agent(text: string, agent = ME): this {
    this.#hub.submit(
      this.id,
      { type: 'say', author: { role: 'agent', ...ref(agent) }, parts: [{ type: 'text', text }] },
      this.#next(text),
    );
    return this;
  }

  note(text: string, agent = ME): this {
    this.#hub.submit(this.id, { type: 'note', author: { role: 'agent', ...ref(agent) }, text }, this.#next(text));
    return this;
  }

  whisper(text: string, agent = ME): this {
    this.#hub.submit(this.id, { type: 'whisper', agent: ref(agent), text }, this.#next(text));
    return this;
  }

  flag(name: string): this {
    this.#hub.submit(this.id, { type: 'flag', name, by: { role: 'bot', id: BOT.id } }, this.#at);
    return this;
  }

  watch(agent = ME): this {
    this.#hub.submit(this.id, { type: 'watch', agent: ref(agent) }, this.#at);
    return this;
  }

  take(agent = ME): this {
    this.#hub.submit(this.id, { type: 'take', agent: ref(agent) }, this.#at);
    return this;
  }

  line(): this {
    this.#hub.dispatch(this.talk, null, this.#at);
    return this;
  }

  handoff(summary?: string): this {
    this.#hub.submit(
      this.id,
      { type: 'request-handoff', by: BOT, reason: 'bot_asked', ...(summary && { summary }) },
      this.#at,
    );
    return this.line();
  }

  offer(agent = ME): this {
    this.#hub.dispatch(this.talk, ref(agent), Date.now());
    return this;
  }

  close(agent = ME): this {
    this.#hub.submit(
      this.id,
      { type: 'close', by: { role: 'agent', agent: ref(agent) }, outcome: 'resolved' },
      this.#at,
    );
    return this;
  }

  rate(score: number, comment: string): this {
    this.#hub.submit(this.id, { type: 'rate', score, comment }, this.#at);
    return this;
  }

  #next(text: string): number {
    this.#at += 4_000 + text.length * 90;
    return this.#at;
  }
}

const SHIPPING: BotReport = {
  confidence: 0.86,
  sources: [{ title: 'Shipping and delivery', url: 'https://fernweh.example/help/shipping' }],
};
const RETURNS: BotReport = { confidence: 0.91, sources: [{ title: 'Returns and refunds' }, { title: 'Gift cards' }] };
const LOST: BotReport = { fallback: true, confidence: 0.22 };

/** The dispute of the story: the bot does what it can, the customer gets angry and asks for a person. */
export function dispute(hub: FakeHub, at: number): Story {
  const page = { url: 'https://fernweh.example/account/orders/84120', title: 'Order 84120 · Fernweh Outdoor' };
  return new Story(
    hub,
    'Ada Okafor',
    at,
    {
      email: 'ada.okafor@example.com',
      phone: '+44 20 7946 0958',
      externalId: 'cust-20418',
      verified: true,
      attributes: { plan: 'Trail Club', orders: 14, lifetime_value: '€ 1,820' },
    },
    page,
  )
    .customer('Hi, my card was charged twice for order 84120.')
    .bot(
      'I am sorry about that. A second line on your statement is often a **reservation** that your bank removes within three working days.\n\nWould you like me to explain how reservations work?',
      RETURNS,
    )
    .customer('No, both are booked. I can see both as booked. I want the second charge back.')
    .bot('I could not find anything about that. Could you say it in other words?', LOST)
    .customer('I was charged twice!! This is ridiculous, I already told you. Let me talk to a human please')
    .flag('billing');
}

export function fillWorld(hub: FakeHub, now = Date.now()): { offered: Story; mine: Story } {
  closed(hub, now);
  withBot(hub, now);
  const omar = AGENTS[1] as typeof ME;
  new Story(hub, 'Tomasz Wiśniewski', now - 22 * MINUTE, { email: 'tomasz@example.com' })
    .customer('Can I change the delivery address of an order that is on its way?')
    .bot('Once an order has left our warehouse, the carrier can redirect it.', SHIPPING)
    .handoff()
    .take(omar)
    .agent('Hi Tomasz, I have asked the carrier to redirect it. One moment.', omar)
    .customer('Great, thank you!');
  const mine = busy(hub, now);
  rtl(hub, now);
  waiting(hub, now);
  const offered = dispute(hub, now - 3 * MINUTE).line();
  return { offered, mine };
}

function busy(hub: FakeHub, now: number): Story {
  const file: Part = {
    type: 'file',
    file: { id: 'fil_1', name: 'tent-pole-broken.png', mime: 'image/png', size: 482_113, url: '/console/favicon.svg' },
  };
  return new Story(
    hub,
    'Priya Raman',
    now - 38 * MINUTE,
    { email: 'priya.raman@example.com', verified: true, attributes: { plan: 'Basic', country: 'India' } },
    { url: 'https://fernweh.example/tents/ridge-2', title: 'Ridge 2 Tent' },
  )
    .customer('Hello! One of the poles of my Ridge 2 tent snapped on the second night.')
    .bot(
      'Sorry to hear that! Our tents have a **five-year warranty**:\n- broken poles are replaced free of charge\n- we need a photo of the break\n\nSee https://fernweh.example/help/warranty for everything else.',
      {
        confidence: 0.93,
        sources: [{ title: 'Warranty', url: 'https://fernweh.example/help/warranty' }],
        tools: [{ name: 'find_order', ok: true }],
      },
      [
        {
          type: 'choices',
          choices: [
            { id: 'photo', label: 'Send a photo' },
            { id: 'person', label: 'Talk to a person' },
          ],
        },
      ],
    )
    .customer('Here it is. I leave for the next trip on Friday so I would need the replacement quickly!', [file])
    .handoff('Broken pole of a Ridge 2, under warranty. Customer travels on Friday and needs the replacement before.')
    .take()
    .agent('Hi Priya, Dana here. Thanks for the photo, that is clearly one for the warranty.')
    .note('Poles for the Ridge 2 are in stock in Leipzig only. Omar: can we send express at our cost?')
    .agent('I am checking which warehouse can get a pole to you before Friday.')
    .customer('That would be wonderful.')
    .customer('If it helps, I can also pick it up in Bengaluru.');
}

function rtl(hub: FakeHub, now: number): void {
  new Story(hub, 'ليلى حداد', now - 16 * MINUTE, { email: 'layla@example.com' })
    .customer('مرحبا، أين طلبي رقم 84177؟ كان من المفترض أن يصل أمس.')
    .bot('Your parcel left our warehouse yesterday.', SHIPPING)
    .customer('هل يمكنني التحدث مع شخص؟ رقم التتبع هو https://track.example/84177')
    .handoff()
    .take()
    .agent('أهلاً ليلى، سأتحقق من ذلك الآن.');
}

function waiting(hub: FakeHub, now: number): void {
  new Story(hub, 'Marcus Bell', now - 9 * MINUTE, { email: 'marcus.bell@example.com' })
    .customer('Is the Alder jacket really waterproof? The page says water-resistant.')
    .bot('The Alder jacket is water-resistant.', SHIPPING)
    .customer('I want to speak to a person')
    .line();
  new Story(hub, null, now - 4 * MINUTE)
    .customer('do you sell gift cards')
    .bot('Yes, from € 10 to € 500.', RETURNS)
    .customer('ok and can i get an invoice for a company for that? need to talk to someone from accounting')
    .customer('agent please')
    .line();
}

function withBot(hub: FakeHub, now: number): void {
  new Story(hub, 'Yuki Tanaka', now - 6 * MINUTE, { email: 'yuki@example.com', verified: true })
    .customer('When does the winter sale start?')
    .bot('The winter sale begins on 27 November and ends on 6 December.', {
      confidence: 0.95,
      sources: [{ title: 'Offers and sales' }],
    })
    .customer('And is that for members a day earlier?');
  new Story(hub, 'Bob', now - 2 * MINUTE)
    .customer('Which size for 178 cm?')
    .bot('For a height of 178 cm most people take **M** in jackets and **32/32** in trousers.', {
      confidence: 0.74,
      sources: [{ title: 'Size guide' }],
    })
    .watch(AGENTS[2] as typeof ME)
    .whisper('If he asks about the Alder: it runs small, recommend L.', AGENTS[2] as typeof ME);
  new Story(hub, 'Maximiliane von Hohenberg-Schwarzenstein zu Lauenburg', now - 12 * MINUTE, {
    email: 'maximiliane.von.hohenberg-schwarzenstein@a-rather-long-domain-name.example',
  })
    .customer(
      `I would like to describe the matter in detail. ${'The parcel came on a Tuesday, was left with a neighbour who was not at home, and the label named somebody else altogether. '.repeat(16)}`,
    )
    .bot('Thank you for the details. Let me look.', LOST)
    .customer('Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3));
}

function closed(hub: FakeHub, now: number): void {
  const names = [
    'Elena Petrova',
    'Samuel Ortiz',
    'Aoife Byrne',
    'Kwame Mensah',
    'Ingrid Solberg',
    'Hugo Martin',
    'Chen Wei',
    'Fatima Zahra',
    'Noah Fischer',
  ];
  names.forEach((name, at) => {
    new Story(hub, name, now - (at + 1) * 0.7 * DAY, { email: `${name.split(' ')[0]?.toLowerCase()}@example.com` })
      .customer('My order has not arrived yet, and tracking has not moved for days.')
      .bot('Parcels within Europe take two to five working days.', SHIPPING)
      .customer('It has been eight days. A person please')
      .line()
      .wait(2 * MINUTE)
      .take()
      .agent('I am sorry about that. I have sent a replacement by express, it arrives tomorrow.')
      .customer('Perfect, thanks a lot!')
      .close()
      .rate(5 - (at % 2), 'Quick and kind.');
  });
}

/** A log as long as they get, for scrolling. */
export function longTalk(hub: FakeHub, events: number, now = Date.now()): Story {
  const story = new Story(hub, 'Grace Longstory', now - 6 * DAY, { email: 'grace@example.com' }).handoff().take();
  for (let at = 0; at < events / 2; at++) {
    story
      .customer(`Message ${at * 2 + 1}: ${'and another thing '.repeat(at % 7)}`)
      .agent(`Answer ${at * 2 + 2}: ${'noted, thank you '.repeat(at % 5)}`);
  }
  return story;
}
