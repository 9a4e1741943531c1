import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Directory } from '#hub/directory.ts';
import { SECRET, SITE_KEY, type TestHttp, testHttp } from '#test/http.ts';
import { sealAll } from './seal-all.ts';
import { Seal, Unreadable } from './sealed.ts';

const OLD = 'an older secret key of more than thirty-two characters';

describe('a seal', () => {
  const seal = new Seal(SECRET);

  it('[SE6] opens in its own place only, and not when it was changed', () => {
    const closed = seal.close('whsec_abc', 'webhooks/wsp_1/whk_1/secret');
    expect(closed).not.toContain('whsec');
    expect(seal.open(closed, 'webhooks/wsp_1/whk_1/secret')).toBe('whsec_abc');
    expect(() => seal.open(closed, 'webhooks/wsp_1/whk_2/secret')).toThrow(Unreadable);
    const changed = closed.slice(0, -2) + (closed.endsWith('AA') ? 'BB' : 'AA');
    expect(() => seal.open(changed, 'webhooks/wsp_1/whk_1/secret')).toThrow(Unreadable);
    expect(seal.close('same', 'a')).not.toBe(seal.close('same', 'a'));
  });

  it('[SE7] opens what an earlier key sealed, and gives back what was never sealed', () => {
    const old = new Seal(OLD).close('text', 'place');
    expect(new Seal(SECRET, [OLD]).open(old, 'place')).toBe('text');
    expect(() => seal.open(old, 'place')).toThrow('SECRET_KEY_PREVIOUS');
    expect(seal.open('written long ago', 'place')).toBe('written long ago');
  });
});

describe('in the database', () => {
  let http: TestHttp;
  beforeAll(async () => {
    http = await testHttp();
  });
  afterAll(() => http.stop());

  const dump = async () => {
    const { rows } = await http.pool.query(
      `select config::text as text from integrations union all select secret from webhooks union all select body::text from idempotency_keys`,
    );
    return rows.map(({ text }) => text).join('\n');
  };

  it('[SE6] no secret of an integration or a webhook lies in plain, and everybody who needs one has it', async () => {
    const bot = await http.call('POST', '/v1/integrations', {
      body: { side: 'bot', kind: 'house', name: 'Bot', config: { about: 'A shop', token: 'very secret token' } },
      idempotencyKey: 'once',
    });
    expect(bot.body.config).toEqual({ about: 'A shop', token: 'very secret token' });
    const hook = await http.call('POST', '/v1/webhooks', { body: { url: 'https://example.com', events: ['*'] } });
    const site = (await http.call('GET', '/v1/integrations?kind=widget')).body.items[0];

    const kept = await dump();
    expect(kept).toContain('A shop');
    for (const secret of ['very secret token', hook.body.secret, site.config.identitySecret])
      expect(kept).not.toContain(secret);

    await http.hub.directory.changed(http.workspace);
    expect(http.hub.directory.integration(http.workspace, bot.body.id)?.config).toEqual(bot.body.config);
    expect(http.hub.directory.webhook(http.workspace, hook.body.id)?.secret).toBe(hook.body.secret);
    const changed = await http.call('PATCH', `/v1/integrations/${bot.body.id}`, { body: { config: { about: null } } });
    expect(changed.body.config).toEqual({ token: 'very secret token' });
    const session = await http.call('POST', '/widget/v1/sessions', { body: { siteKey: SITE_KEY }, key: null });
    expect(session.status).toBe(201);
  });

  it('[SE7] plain rows of before are sealed, a new key reads the old, rotation needs the old no more', async () => {
    const { pool, workspace } = http;
    await pool.query(
      `insert into integrations (workspace_id, id, side, kind, name, config) values ($1, 'int_plain', 'bot', 'house', 'Old', '{"token": "plain token"}')`,
      [workspace],
    );
    await pool.query(
      `insert into webhooks (workspace_id, id, url, events, secret) values ($1, 'whk_plain', 'https://example.com', '{*}', 'whsec_plain')`,
      [workspace],
    );
    const secretsOf = (side: string, kind: string) => http.deps.kinds.secretsOf(side, kind);
    const tokenBy = async (seal: Seal) => {
      const directory = new Directory({ pool, now: Date.now, seal });
      await directory.load([workspace]);
      return [
        directory.integration(workspace, 'int_plain')?.config['token'],
        directory.webhook(workspace, 'whk_plain')?.secret,
      ];
    };
    const before = new Seal(SECRET);
    expect(await tokenBy(before)).toEqual(['plain token', 'whsec_plain']);
    expect(await sealAll(pool, before, secretsOf, { old: false })).toEqual({ sealed: 2, unreadable: [] });
    expect(await dump()).not.toMatch(/plain token|whsec_plain/);

    const both = new Seal(OLD, [SECRET]);
    const after = new Seal(OLD);
    expect(await tokenBy(both)).toEqual(['plain token', 'whsec_plain']);
    // Without the key nothing is made up, nothing is lost, and nothing breaks.
    expect(await tokenBy(after)).toEqual([undefined, undefined]);
    // It is told at each start, and by the command.
    for (const old of [false, true])
      expect((await sealAll(pool, after, secretsOf, { old })).unreadable).toEqual(
        expect.arrayContaining(['integration int_plain: token', 'webhook whk_plain: secret']),
      );
    expect((await sealAll(pool, both, secretsOf, { old: true })).unreadable).toEqual([]);
    expect(await tokenBy(after)).toEqual(['plain token', 'whsec_plain']);

    // This server knows the first key only: what it cannot read it does not write over.
    const change = (config: object) => http.call('PATCH', '/v1/integrations/int_plain', { body: { config } });
    expect(await change({ about: 'x' })).toMatchObject({ status: 422, body: { code: 'config_invalid' } });
    expect((await change({ token: 'a new one' })).status).toBe(200);
  });
});
