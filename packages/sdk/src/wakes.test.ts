import { afterEach, expect, test, vi } from 'vitest';
import { browserWakes } from './wakes.ts';

afterEach(() => vi.unstubAllGlobals());

test('[FD4, FD7] the network back or gone, and the tab shown: each wakes, until it is stopped', () => {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
  vi.stubGlobal('window', window);
  vi.stubGlobal('document', document);
  let woken = 0;
  const stop = browserWakes(() => woken++);
  const happens = () => {
    for (const change of ['online', 'offline', 'pageshow']) window.dispatchEvent(new Event(change));
    document.dispatchEvent(new Event('visibilitychange'));
  };
  happens();
  expect(woken).toBe(3);
  document.visibilityState = 'visible';
  happens();
  expect(woken).toBe(7);
  stop();
  happens();
  expect(woken).toBe(7);
});
