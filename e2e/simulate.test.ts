import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { Client } from '#bench/server/client.ts';
import { startOwnNodes } from '#bench/server/own-nodes.ts';
import { type OwnServer, startOwnServer } from '#bench/server/own-server.ts';
import { simulate } from '#bench/simulate/run.ts';
import { readDialogues } from '#bench/simulate/script/dialogues.ts';

/** Some 5 s each on a machine that does nothing else. */
const LIMIT_MS = 240_000;
const DIALOGUES = fileURLToPath(new URL('../demo/dialogues.jsonl', import.meta.url));

let server: OwnServer | undefined;
afterEach(() => server?.stop());

test.each([
  ['one server', () => startOwnServer()],
  ['two servers, and everybody is on either', () => startOwnNodes(2)],
])(
  '[SM8] customers, bot and agents at once, with lost networks: nothing lost, doubled or out of order: %s',
  { timeout: LIMIT_MS },
  async (_, start) => {
    server = await start();
    const client = new Client(server.url);
    const report = await simulate({
      options: {
        agents: 2,
        capacity: 4,
        speed: 120,
        concurrency: 18,
        seed: '1',
        cuts: 0.5,
        asks: 0.5,
        maxSeconds: 180,
      },
      dialogues: readDialogues([DIALOGUES]),
      client,
      site: server.site,
      admin: await client.login(server.owner.email, server.owner.password),
      stopped: new AbortController().signal,
    });
    expect(report.faults).toEqual([]);
    expect(report).toMatchObject({ ended: 'done', lost: 0, doubled: 0, outOfOrder: 0, botOverHuman: 0, stuck: [] });
    // It was a real run: people were asked for, came, and lost their network.
    expect(report.conversations.finished).toBe(18);
    expect(report.escalated.outcomes.resolved).toBeGreaterThan(0);
    expect(report.messages.sent.agents).toBeGreaterThan(0);
    expect(report.cuts.customers).toBeGreaterThan(0);
  },
);
