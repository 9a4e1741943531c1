// `npm run screenshots`: the pictures of the README, taken of the real thing. Run it when widget or console look different.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '@baton/server/src/store/embedded/start.ts';
import pg from 'pg';
import { simulate } from '#bench/simulate/run.ts';
import { diceOf } from '#bench/simulate/script/random.ts';
import type { CustomerWindow } from '#e2e/story/customer.ts';
import type { Desk } from '#e2e/story/desk.ts';
import { Neighbour } from '#e2e/story/neighbour.ts';
import { StoryStage } from '#e2e/story/stage.ts';
import { People } from './demo/people.ts';
import { makeSite } from './demo/site.ts';

const FOLDER = fileURLToPath(new URL('../docs/images', import.meta.url));
/** Pixels of the picture to one of the page: sharp on good screens, and still under a megabyte. */
const SCALE = 1.5;
const ADA = 'Ada Whitfield';
const DISPUTE = 'I was charged twice. Can I talk to a person?';
/** Seconds that agents of the picture's past took for a conversation, and to answer an offer. */
const HANDLE_SECONDS = 110;
const ANSWER_SECONDS = 6;
const SIZE = { page: { width: 1_060, height: 840 }, console: { width: 1_400, height: 840 }, clip: 470 };

// The server's database is ours, so that a past can be written into it.
const folder = mkdtempSync(join(tmpdir(), 'baton-screenshots-'));
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const postgres = await startEmbedded({ dataDir: folder, log: silent });
const stage = await StoryStage.set({ DATABASE_URL: postgres.connectionString });
try {
  await story(stage);
} finally {
  await stage.clear();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function story(on: StoryStage): Promise<void> {
  const secret = await makeSite(on.client, on.admin);
  const people = new People({ secret, dice: diceOf('screenshots'), url: on.server.url });
  const comes = (text: string) => Neighbour.inLine(on.client, people.visit(on.server.site), text);
  await past(on);

  const dana = await on.desk('Dana', { viewport: SIZE.console, deviceScaleFactor: SCALE });
  await dana.be('Online', 2);
  const first = await comes('My lamp arrived broken. Can I talk to a person?');
  await accept(dana);
  await dana.reply('Hello! A photo of the shade is enough, no need to send it back.');
  const second = await comes(DISPUTE);
  await accept(dana);
  const ahead = [await comes(DISPUTE), await comes('There is a charge I do not recognise. Can I speak to a person?')];

  const ada = await on.customer('ada', { viewport: SIZE.page, deviceScaleFactor: SCALE });
  await ask(ada);
  for (const neighbour of ahead) await neighbour.leave();
  await dana.show('Mine');
  await dana.row('Tomás Herrera').click();
  await dana.resolve();
  await accept(dana);
  await talk(ada, dana);
  const third = await comes('Please connect me with a person, my table is late');
  await takePicture(on, ada, dana);
  for (const neighbour of [first, second, third]) neighbour.gone();
}

/** A morning's work, so that waits are measured; then as long as conversations take when people have them. */
async function past({ client, server, admin }: StoryStage): Promise<void> {
  const dialogues = Array.from({ length: 10 }, (_, number) => ({
    id: String(number),
    file: 'past',
    turns: [{ role: 'customer' as const, text: DISPUTE }],
  }));
  const options = { agents: 3, capacity: 4, speed: 100, concurrency: 10, seed: '1', cuts: 0, asks: 0, maxSeconds: 60 };
  await simulate({ options, dialogues, client, site: server.site, admin, stopped: new AbortController().signal });
  const { items } = await client.get<{ items: { id: string }[] }>('/v1/conversations?status=open', admin);
  for (const { id } of items) await client.write('POST', `/v1/conversations/${id}/close`, admin, {});
  const db = new pg.Client({ connectionString: postgres.connectionString });
  await db.connect();
  await db.query(
    `update handoffs set
       accepted_at = ended_at - make_interval(secs => $1),
       offered_at = ended_at - make_interval(secs => $1 + $2),
       waiting_since = ended_at - make_interval(secs => $1 + $2)
     where ended_at is not null and accepted_at is not null`,
    [HANDLE_SECONDS, ANSWER_SECONDS],
  );
  await db.end();
}

async function accept(desk: Desk): Promise<void> {
  await desk.offer.getByRole('button', { name: /Accept/ }).click();
  await desk.box.waitFor();
}

async function ask(ada: CustomerWindow): Promise<void> {
  await ada.openChat();
  await ada.say('Hi, I was charged twice for my order');
  await ada.line(/a colleague from billing has to look at it/).waitFor();
  await ada.say('This is ridiculous. Can I please talk to a person?');
  await ada.line(/people are ahead of you/).waitFor();
}

async function talk(ada: CustomerWindow, dana: Desk): Promise<void> {
  await ada.line('Dana Reyes joined').waitFor();
  await dana.reply('Hi Ada, I can see both payments. The second one is our mistake, I am sorry.');
  await ada.line(/our mistake/).waitFor();
  await ada.say('Thank you. When do I get my money back?');
  await dana.talkWith(ADA).getByText('When do I get my money back?').first().waitFor();
  await dana.reply('I have just refunded £213. You will see it by Friday.');
  await ada.line(/by Friday/).waitFor();
  await dana.talkWith(ADA).getByText('Seen', { exact: true }).waitFor();
}

/** Both windows as they are now, next to each other. */
async function takePicture({ browser }: StoryStage, ada: CustomerWindow, dana: Desk): Promise<void> {
  await dana.show('All open');
  await dana.row(ADA).click();
  await dana.talkWith(ADA).getByText('Seen', { exact: true }).waitFor();
  await dana.talkWith(ADA).getByRole('button', { name: 'Jump to the newest' }).waitFor({ state: 'hidden' });
  await ada.box.pressSequentially('That was quick!');
  await dana.talkWith(ADA).getByText(`${ADA} is typing`).waitFor();
  const { page, clip } = SIZE;
  const [left, right] = await Promise.all([
    ada.page.screenshot({
      clip: { x: page.width - clip, y: 0, width: clip, height: page.height },
      animations: 'disabled',
    }),
    dana.page.screenshot({ animations: 'disabled' }),
  ]);
  const images = [left, right].map((png) => `<img src="data:image/png;base64,${png.toString('base64')}">`);
  const width = clip + SIZE.console.width + 3 * 36;
  const sheet = await browser.newPage({ viewport: { width, height: page.height + 2 * 36 }, deviceScaleFactor: SCALE });
  await sheet.setContent(`<style>
    body { margin: 0; padding: 36px; display: flex; gap: 36px; background: linear-gradient(120deg, #e6ece6, #e4e4f4); }
    img { height: ${page.height}px; border-radius: 14px; box-shadow: 0 10px 40px #1c1c3a33, 0 1px 4px #1c1c3a22; }
  </style>${images.join('')}`);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/story.png`, await sheet.screenshot());
  console.log(`${FOLDER}/story.png`);
}
