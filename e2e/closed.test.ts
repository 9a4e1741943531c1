// The story of who comes when nobody is there, in a real browser on the real server: he reads when it opens, and goes on
// with the bot or leaves a message, which is answered when it has opened. Each test is the next sentence of it.
import { AxeBuilder } from '@axe-core/playwright';
import type { Queue } from '@baton/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CustomerWindow } from './story/customer.ts';
import type { Desk } from './story/desk.ts';
import { StoryStage } from './story/stage.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const OPENS = /we are open again (?:today|tomorrow) at \d{1,2}:00 [AP]M UTC/;
const MESSAGE = 'The left lamp of my order A-10482 arrived broken.';
const ANSWER = 'A new lamp is on its way to you.';

let stage: StoryStage;
let dana: Desk;
let ada: CustomerWindow;
let ben: CustomerWindow;

let broken = false;

/** A sentence of the story. After one that fails the rest makes no sense. */
function step(sentence: string, run: () => Promise<void>): void {
  test(sentence, async ({ skip }) => {
    if (broken) skip('The story broke off before.');
    broken = true;
    await run();
    broken = false;
  });
}

/** Hours that begin six hours from now, every day: closed whenever this runs. Null: always open. */
async function opens(inHours: number | null): Promise<void> {
  const hour = (new Date().getUTCHours() + (inHours ?? 0)) % 24;
  const from = `${String(hour).padStart(2, '0')}:00`;
  const open = [{ from, to: from.replace(':00', ':30') }];
  const week = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, open]));
  const { items } = await stage.client.get<{ items: Queue[] }>('/v1/queues', stage.admin);
  for (const { id } of items)
    await stage.client.write('PATCH', `/v1/queues/${id}`, stage.admin, {
      hours: inHours === null ? null : { zone: 'UTC', week, exceptions: [] },
    });
}

beforeAll(async () => {
  stage = await StoryStage.set();
});
afterAll(() => stage?.clear());

step('it is closed, though an agent is still online; who asks for a person reads when it opens', async () => {
  await opens(6);
  dana = await stage.desk('Dana');
  await dana.be('Online', 2);
  ada = await stage.customer('ada');
  await ada.openChat();
  await ada.say('Let me talk to a person, please');
  await ada.line(OPENS).waitFor();
  await ada.banner.getByText(OPENS).waitFor();
  for (const choice of ['Leave a message', 'Go on with the assistant'])
    await ada.panel.getByRole('button', { name: choice }).waitFor();
  const { violations } = await new AxeBuilder({ page: ada.page }).include('#baton-widget').withTags(WCAG).analyze();
  expect(violations).toEqual([]);
});

step('he goes on with the bot, which answers him, and his place is kept', async () => {
  await ada.panel.getByRole('button', { name: 'Go on with the assistant' }).click();
  await ada.line(/You keep your place/).waitFor();
  await ada.say('How long do I have to return something?');
  await ada.line(/60 days/).waitFor();
  await ada.banner.getByText(OPENS).waitFor();
  await ada.page.reload();
  await ada.banner.getByText(OPENS).waitFor();
});

step('another one leaves a message and goes; nobody is rung while it is closed', async () => {
  ben = await stage.customer('ben');
  await ben.openChat();
  await ben.say('Let me talk to a person, please');
  await ben.line(OPENS).waitFor();
  await ben.panel.getByRole('button', { name: 'Leave a message' }).click();
  await ben.line(/Please write your message here/).waitFor();
  await ben.say(MESSAGE);
  await ben.line(MESSAGE).waitFor();
  // He goes when it is there.
  await ben.line(/· Sent$/).waitFor();
  await ben.page.goto('about:blank');
  expect(await dana.offer.count()).toBe(0);
});

step('it opens: both are offered, first come first served, and the message is there to read', async () => {
  await opens(null);
  await dana.offer.getByRole('heading', { name: 'Ada Whitfield' }).waitFor();
  await dana.offer.getByRole('button', { name: /Accept/ }).click();
  await dana.offer.getByRole('heading', { name: /^Ben/ }).waitFor();
  await dana.offer.getByText(MESSAGE).first().waitFor();
  await dana.offer.getByRole('button', { name: /Accept/ }).click();
  await dana.talkWith('Ben Ashworth').getByText(MESSAGE).first().waitFor();
});

step('she answers, and he reads it when he comes back', async () => {
  await dana.reply(ANSWER);
  await ben.page.goBack();
  await ben.line(ANSWER).waitFor();
  expect(stage.faults).toEqual([]);
});

step(
  'her notes take their time: the place is kept until she says that she is ready, and a break says until when',
  async () => {
    const { items } = await stage.client.get<{ items: Queue[] }>('/v1/queues', stage.admin);
    for (const { id } of items)
      await stage.client.write('PATCH', `/v1/queues/${id}`, stage.admin, { routing: { wrapUpSeconds: 600 } });
    await dana.resolve();
    await dana.page.getByText('You are wrapping up a conversation.').waitFor();
    await dana.page.getByRole('button', { name: 'I am ready' }).click();
    await dana.page.getByText('You are wrapping up a conversation.').waitFor({ state: 'hidden' });
    await dana.page.getByRole('button', { name: /^Presence and account/ }).click();
    await dana.account.getByRole('button', { name: /15 min/ }).click();
    await dana.page.getByRole('button', { name: /^Presence and account: .*In a break, back at \d/ }).waitFor();
  },
);

step('the owner sets hours and brings a roster; what is wrong with the file stands there line by line', async () => {
  const { page } = await stage.desk('Owner');
  const axe = async () =>
    expect((await new AxeBuilder({ page }).withTags([...WCAG, 'best-practice']).analyze()).violations).toEqual([]);
  await page.goto(`${stage.server.url}/console/settings/queues`);
  await page.getByRole('button', { name: 'Edit' }).first().click();
  await page.getByRole('tab', { name: 'Opening hours' }).click();
  await page.getByText('By opening hours').click();
  await page.getByLabel('Monday, from').fill('08:30');
  await page.getByRole('button', { name: 'Copy Monday to Tuesday to Friday' }).click();
  await axe();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  const { items } = await stage.client.get<{ items: Queue[] }>('/v1/queues', stage.admin);
  expect(items.map(({ hours }) => hours?.week.fri)).toContainEqual([{ from: '08:30', to: '17:00' }]);

  await page.goto(`${stage.server.url}/console/settings/roster`);
  await page.getByRole('button', { name: 'Import' }).click();
  const day = new Date().toISOString().slice(0, 10);
  const file = (lines: string) => ({
    name: 'roster.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`agent,date,from,to\n${lines}`),
  });
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles(file(`nobody@example.com,${day},09:00,17:00`));
  await dialog.getByRole('button', { name: 'Import' }).click();
  await dialog.getByText('There is no agent "nobody@example.com"').waitFor();
  await axe();
  await dialog.locator('input[type=file]').setInputFiles(file(`${stage.server.owner.email},${day},09:00,17:00`));
  await dialog.getByRole('button', { name: 'Import' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /^Remove the shift of Owner/ }).waitFor();
  await axe();
  expect(stage.faults).toEqual([]);
});
