import type { EventItem, Part, Problem, WidgetSession, WidgetSessionInput } from '@baton/protocol';
import { addressesOf } from './site.ts';

type FileRef = Extract<Part, { type: 'file' }>['file'];

/** The server said no, and why. Everything else that goes wrong with a call is the network. */
export class CallRefused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.status = status;
    this.code = problem.code ?? `http_${status}`;
  }

  /** Asking again in the same way will not help. */
  get final(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429;
  }
}

/** By what it says, not by its class: sessions are asked for by the first script, which has a class of its own. */
export function isFinal(error: unknown): error is CallRefused {
  return error instanceof Error && (error as Partial<CallRefused>).final === true;
}

export async function createSession(host: string, input: WidgetSessionInput): Promise<WidgetSession> {
  return (await call(addressesOf(host).sessions, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })) as WidgetSession;
}

/** The page of the log that ends before `before`. */
export async function readEvents(
  host: string,
  token: string,
  conversation: string,
  before: number,
): Promise<EventItem[]> {
  const address = `${addressesOf(host).events(conversation)}?before=${before}&limit=50`;
  const page = (await call(address, { headers: { authorization: `Bearer ${token}` } })) as { items: EventItem[] };
  return page.items;
}

async function call(address: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(address, { ...init, credentials: 'omit', cache: 'no-store' });
  if (response.ok) return response.json();
  throw new CallRefused(response.status, await response.json().catch(() => ({})));
}

export interface Upload {
  done: Promise<FileRef>;
  cancel(): void;
}

/** Uploads one file. XMLHttpRequest, because fetch tells no progress. `progress` gets 0 to 1. */
export function uploadFile(host: string, token: string, file: File, progress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<FileRef>((resolve, reject) => {
    request.open('POST', addressesOf(host).files);
    request.setRequestHeader('authorization', `Bearer ${token}`);
    request.responseType = 'json';
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () =>
      request.status < 300
        ? resolve(request.response as FileRef)
        : reject(new CallRefused(request.status, (request.response ?? {}) as Partial<Problem>));
    request.onerror = () => reject(new TypeError('The network failed.'));
    request.onabort = () => reject(new DOMException('Cancelled.', 'AbortError'));
    const body = new FormData();
    body.append('file', file, file.name || 'file');
    request.send(body);
  });
  return { done, cancel: () => request.abort() };
}
