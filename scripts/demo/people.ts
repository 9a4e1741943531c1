import { createHmac } from 'node:crypto';
import type { WidgetSessionInput } from '@baton/protocol';
import { between, type Dice } from '#bench/simulate/script/random.ts';

interface Person {
  name: string;
  attributes: Record<string, string | number>;
}

/** Customers of the demo shop. Whoever is logged in to the shop is vouched for; the others come as visitors. */
const PEOPLE: readonly Person[] = [
  { name: 'Maya Lindqvist', attributes: { plan: 'Ambleton Plus', orders: 12 } },
  { name: 'Tomás Herrera', attributes: { orders: 2 } },
  { name: 'Priya Raman', attributes: { orders: 5 } },
  { name: 'George Whitcombe', attributes: { plan: 'Ambleton Plus', orders: 31 } },
  { name: 'Aoife Brennan', attributes: { orders: 1 } },
  { name: 'Kenji Mori', attributes: { orders: 3 } },
  { name: 'Hannah Vogel', attributes: { plan: 'Ambleton Plus', orders: 8 } },
  { name: 'Samuel Adeyemi', attributes: { orders: 4 } },
  { name: 'Elif Yıldız', attributes: { orders: 6 } },
  { name: 'Clara Dubois', attributes: { orders: 2 } },
];
const PAGES = [
  ['/demo#orders', 'Your orders · Ambleton'],
  ['/demo#lamps', 'Harbour table lamp · Ambleton'],
  ['/demo#checkout', 'Checkout · Ambleton'],
  ['/demo', 'Ambleton · Things for the home'],
] as const;
/** Of ten customers so many are logged in. */
const LOGGED_IN = 7;

/** Who comes next: one after the other, some of them unknown. */
export class People {
  readonly #secret: string;
  readonly #dice: Dice;
  readonly #url: string;
  #next = 0;

  constructor(options: { secret: string; dice: Dice; url: string }) {
    this.#secret = options.secret;
    this.#dice = options.dice;
    this.#url = options.url;
  }

  visit(siteKey: string): WidgetSessionInput & { page: { url: string; title: string } } {
    const [path, title] = PAGES[between(this.#dice, 0, PAGES.length - 1)] ?? PAGES[0];
    const visit = { siteKey, locale: 'en-GB', page: { url: this.#url + path, title } };
    const number = this.#next++;
    if (number % 10 >= LOGGED_IN) return visit;
    const person = PEOPLE[number % PEOPLE.length];
    return person ? { ...visit, identityToken: this.#sign(person, number) } : visit;
  }

  /** A JWT as the shop's backend would make it (RFC 7519, HS256). */
  #sign({ name, attributes }: Person, number: number): string {
    const email = `${name
      .normalize('NFKD')
      .replace(/[^A-Za-z ]/g, '')
      .toLowerCase()
      .replace(' ', '.')}@example.com`;
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const now = Math.floor(Date.now() / 1_000);
    const claims = { sub: `ambleton-${3_000 + number}`, name, email, attributes, iat: now, exp: now + 3_600 };
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${text}.${createHmac('sha256', this.#secret).update(text).digest('base64url')}`;
  }
}
