import ipaddr from 'ipaddr.js';

/** Counts of one node, forgotten by themselves. Many nodes allow as many times more: these limits stop machines, not people. */
class Counts {
  readonly #now: () => number;
  readonly #windowMs: number;
  #counts = new Map<string, { count: number; until: number }>();
  #cleanAt = 0;

  constructor(now: () => number, windowMs: number) {
    this.#now = now;
    this.#windowMs = windowMs;
  }

  of(key: string): { count: number; until: number } | undefined {
    const found = this.#counts.get(key);
    return found && found.until > this.#now() ? found : undefined;
  }

  add(key: string, by = 1): { count: number; until: number } {
    const now = this.#now();
    if (now > this.#cleanAt) {
      for (const [name, { until }] of this.#counts) if (until <= now) this.#counts.delete(name);
      this.#cleanAt = now + this.#windowMs;
    }
    const found = this.of(key) ?? { count: 0, until: now + this.#windowMs };
    found.count += by;
    this.#counts.set(key, found);
    return found;
  }

  /** One less. */
  takeBack(key: string): void {
    const found = this.of(key);
    if (found) found.count--;
  }

  delete(key: string): void {
    this.#counts.delete(key);
  }

  left(until: number): number {
    return until - this.#now();
  }
}

/** So many failures (or bytes), then a pause until the window is over. */
export class FailureLimit {
  readonly #counts: Counts;

  constructor(now: () => number, windowMs: number) {
    this.#counts = new Counts(now, windowMs);
  }

  count(key: string, by = 1): void {
    this.#counts.add(key, by);
  }

  /** It was none. */
  takeBack(key: string): void {
    this.#counts.takeBack(key);
  }

  forget(key: string): void {
    this.#counts.delete(key);
  }

  /** Milliseconds to wait; 0 while another try is allowed. */
  waitOf(key: string, most: number): number {
    const found = this.#counts.of(key);
    return found && found.count >= most ? this.#counts.left(found.until) : 0;
  }
}

/** So many in a window. */
export class RateLimit {
  readonly #counts: Counts;
  readonly #most: number;

  constructor(now: () => number, windowMs: number, most: number) {
    this.#counts = new Counts(now, windowMs);
    this.#most = most;
  }

  /** Takes one; 0, or the milliseconds to wait when there are no more. */
  take(key: string): number {
    const { count, until } = this.#counts.add(key);
    return count > this.#most ? this.#counts.left(until) : 0;
  }
}

/** More keys than this, and those that are full again are forgotten. */
const MOST_BUCKETS = 50_000;

/**
 * Token buckets: `burst` at once, then `perSecond`. A bucket costs two numbers and one look into a map, so that it can
 * stand in the way of every message.
 */
export class TokenBuckets {
  readonly #now: () => number;
  readonly #perMs: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(now: () => number, perSecond: number, burst: number) {
    this.#now = now;
    this.#perMs = perSecond / 1_000;
    this.#burst = burst;
  }

  /** Takes one; 0, or the milliseconds until there is one again. */
  take(key: string): number {
    const now = this.#now();
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= MOST_BUCKETS) this.#forgetFull(now);
      this.#buckets.set(key, { left: this.#burst - 1, at: now });
      return 0;
    }
    bucket.left = Math.min(this.#burst, bucket.left + Math.max(0, now - bucket.at) * this.#perMs);
    bucket.at = now;
    if (bucket.left < 1) return Math.ceil((1 - bucket.left) / this.#perMs);
    bucket.left--;
    return 0;
  }

  #forgetFull(now: number): void {
    for (const [key, { left, at }] of this.#buckets)
      if (left + (now - at) * this.#perMs >= this.#burst) this.#buckets.delete(key);
    // Nobody may fill the memory with keys: under such an attack everybody begins afresh.
    if (this.#buckets.size >= MOST_BUCKETS) this.#buckets.clear();
  }
}

/**
 * What each may do, as people count: a visitor who types fast, a page that is loaded often, a busy server of one's own. All
 * are far above what people do, and are multiplied by RATE_LIMITS. Many nodes allow as many times more.
 */
const MOST = {
  /** Frames of one visitor, over all his tabs. */
  visitorPerSecond: 10,
  visitorBurst: 60,
  /** Requests and frames of one API key or agent. */
  staffPerSecond: 100,
  staffBurst: 500,
  /** New visits from one address: a page load is one, and an office is one address. */
  sessionsAMinute: 600,
  /** Hellos of sockets and streams from one address. */
  hellosAMinute: 1_200,
  uploadsAMinute: 120,
  /** Bytes that visitors behind one address upload: a disk is not filled over night. */
  uploadedAnHour: 1_000_000_000,
  /** Tokens and keys that are not known, from one address. */
  strangersAMinute: 300,
} as const;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** What comes from this machine is a proxy, a load test, or the operator. */
const OWN_MACHINE = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** All limits of this node but those of wrong passwords. Each gives 0, or the milliseconds to wait. */
export interface Limits {
  visitor(customer: string): number;
  staff(id: string): number;
  session(address: string): number;
  hello(address: string): number;
  /** Before an upload: by number, and by what `uploaded` has counted. */
  upload(address: string): number;
  uploaded(address: string, bytes: number): void;
  /** Counts what is not known; `strangerWait` only looks. */
  stranger(address: string): void;
  strangerWait(address: string): number;
}

/** `factor` multiplies every limit; null switches them off, for load tests. */
export function createLimits(now: () => number, factor: number | null): Limits {
  if (factor === null) return NO_LIMITS;
  const aMinute = (most: number) => {
    const limit = new RateLimit(now, MINUTE_MS, most * factor);
    return (address: string) => (OWN_MACHINE.has(address) ? 0 : limit.take(addressKey(address)));
  };
  const visitors = new TokenBuckets(now, MOST.visitorPerSecond * factor, MOST.visitorBurst * factor);
  const staff = new TokenBuckets(now, MOST.staffPerSecond * factor, MOST.staffBurst * factor);
  const strangers = new FailureLimit(now, MINUTE_MS);
  const uploads = aMinute(MOST.uploadsAMinute);
  const bytes = new FailureLimit(now, HOUR_MS);
  return {
    visitor: (customer) => visitors.take(customer),
    staff: (id) => staff.take(id),
    session: aMinute(MOST.sessionsAMinute),
    hello: aMinute(MOST.hellosAMinute),
    upload: (address) => bytes.waitOf(addressKey(address), MOST.uploadedAnHour * factor) || uploads(address),
    uploaded(address, size) {
      if (!OWN_MACHINE.has(address)) bytes.count(addressKey(address), size);
    },
    stranger(address) {
      if (!OWN_MACHINE.has(address)) strangers.count(addressKey(address));
    },
    strangerWait: (address) => strangers.waitOf(addressKey(address), MOST.strangersAMinute * factor),
  };
}

const none = () => 0;
/** For load tests, and for tests of something else. */
export const NO_LIMITS: Limits = {
  visitor: none,
  staff: none,
  session: none,
  hello: none,
  upload: none,
  uploaded: () => undefined,
  stranger: () => undefined,
  strangerWait: none,
};

/** What counts as one address: an IPv6 customer has a whole /64 to choose from. */
export function addressKey(address: string): string {
  return prefixOf(address, 4);
}

/** Whole networks: who asks for one gets 65,536 addresses (/48). An IPv4 address is one. */
export function networkKey(address: string): string {
  return `network ${prefixOf(address, 3)}`;
}

/** The first `groups` groups of 16 bits of an IPv6 address; of others the address. */
function prefixOf(address: string, groups: number): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!ipaddr.IPv6.isValid(address)) return address;
  return ipaddr.IPv6.parse(address)
    .parts.slice(0, groups)
    .map((part) => part.toString(16))
    .join(':');
}
