import type { ClientFrame } from '@baton/protocol';
import { TEXT_LIMIT } from '@baton/protocol/schemas';

type Say = Extract<ClientFrame, { type: 'say' }>;

const CLIENT_ID = /^[\x21-\x7e]{1,100}$/;
const CONVERSATION = /^cnv_[0-9A-Za-z]{1,64}$/;
/** Longest of each, as `Page` has it. */
const PAGE_LIMITS: Readonly<Record<string, number>> = { url: 2_000, title: 300, referrer: 2_000 };

/**
 * Is this the frame that comes more often than all others together: somebody says one text? Read by hand, because the
 * schema takes three times as long. True only for what the schema takes as it is; whatever is unusual is left to it, and
 * so is saying what is wrong.
 */
export function isPlainSay(raw: unknown): raw is Say {
  if (!isRecord(raw) || raw.type !== 'say' || raw.clientId === undefined || raw.parts === undefined) return false;
  for (const name in raw) if (!fits(name, raw[name])) return false;
  return true;
}

function fits(name: string, value: unknown): boolean {
  switch (name) {
    case 'type':
      return true;
    case 'clientId':
      return typeof value === 'string' && CLIENT_ID.test(value);
    case 'conversation':
      return typeof value === 'string' && CONVERSATION.test(value);
    case 'parts':
      return Array.isArray(value) && value.length === 1 && isPlainText(value[0]);
    case 'epoch':
      return Number.isSafeInteger(value);
    case 'page':
      return isPage(value);
    default:
      return false;
  }
}

function isPlainText(part: unknown): boolean {
  if (!isRecord(part) || part.type !== 'text') return false;
  for (const name in part) if (name !== 'type' && name !== 'text') return false;
  return typeof part.text === 'string' && part.text.length <= TEXT_LIMIT;
}

function isPage(page: unknown): boolean {
  if (!isRecord(page) || page.url === undefined) return false;
  for (const name in page) {
    const text = page[name];
    const limit = Object.hasOwn(PAGE_LIMITS, name) ? (PAGE_LIMITS[name] as number) : -1;
    if (typeof text !== 'string' || text.length > limit) return false;
  }
  return true;
}

interface Raw {
  [name: string]: unknown;
}

function isRecord(raw: unknown): raw is Raw {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
