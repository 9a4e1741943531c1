import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

describe('the environment', () => {
  it('[AP30] has a default for everything, made for trying out', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: null,
      redisUrl: null,
      mail: null,
      dataDir: resolve('data'),
      publicUrl: null,
      secretKey: null,
      logLevel: 'info',
      reach: 'loopback',
      trustProxy: 0,
      rateLimits: 1,
      secretKeysBefore: [],
      tryingOut: true,
      demo: true,
      articles: null,
      drainSeconds: 0,
      metricsToken: null,
      openai: null,
      firstStart: { ownerEmail: null, ownerPassword: null, apiKey: null, siteKey: null },
    });
    expect(readConfig({ PORT: '', DATABASE_URL: '  ' })).toEqual(readConfig({}));
  });

  it('[AP30] with a database of its own it is meant seriously: no demo, no private addresses', () => {
    const config = readConfig({
      DATABASE_URL: 'postgres://u:p@db/baton',
      PUBLIC_URL: 'https://Chat.example.com/',
      OPENAI_API_KEY: 'k',
      PORT: '0',
    });
    expect(config).toMatchObject({
      demo: false,
      reach: 'public',
      publicUrl: 'https://chat.example.com',
      port: 0,
      openai: { baseUrl: 'https://api.openai.com/v1', apiKey: 'k', model: null },
    });
    expect(
      readConfig({ DATABASE_URL: 'postgres://db/baton', ALLOW_PRIVATE_ADDRESSES: 'true', BATON_DEMO: 'yes' }),
    ).toMatchObject({ reach: 'any', demo: true });
    expect(readConfig({ ALLOW_PRIVATE_ADDRESSES: 'false' }).reach).toBe('public');
  });

  it('[AP31] with an address for others it is meant seriously, too, also on the database that comes along', () => {
    const serious = { tryingOut: false, demo: false, reach: 'public' };
    expect(readConfig({ PUBLIC_URL: 'https://chat.example.com' })).toMatchObject(serious);
    expect(readConfig({ PUBLIC_URL: 'http://192.168.1.7:3000' })).toMatchObject(serious);
    for (const own of ['http://localhost:3000', 'http://127.0.0.1:4000', 'http://[::1]:3000'])
      expect(readConfig({ PUBLIC_URL: own })).toMatchObject({ tryingOut: true, demo: true, reach: 'loopback' });
    expect(readConfig({ PUBLIC_URL: 'https://chat.example.com', BATON_DEMO: 'true' }).demo).toBe(true);
  });

  it('[AP30] says of every variable that is wrong what to do', () => {
    const wrong = {
      PORT: '70000',
      DATABASE_URL: 'mysql://db',
      PUBLIC_URL: 'https://example.com/chat',
      SECRET_KEY: 'short',
      LOG_LEVEL: 'loud',
      BATON_OWNER_EMAIL: 'me',
      BATON_DEMO: 'maybe',
      BATON_API_KEY: 'x',
    };
    try {
      readConfig(wrong);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).faults.map(({ variable }) => variable).sort()).toEqual(Object.keys(wrong).sort());
      for (const variable of Object.keys(wrong)) expect((error as Error).message).toContain(`  ${variable}: `);
      expect((error as Error).message).toContain('openssl rand');
    }
  });

  it('letters need a mail server and a sender: half of it is said at the start', () => {
    expect(readConfig({}).mail).toBeNull();
    const both = { SMTP_URL: 'smtp://mail.example.com:587', MAIL_FROM: 'Support <help@example.com>' };
    expect(readConfig(both).mail).toEqual({ url: both.SMTP_URL, from: both.MAIL_FROM });
    expect(() => readConfig({ SMTP_URL: both.SMTP_URL })).toThrow(/MAIL_FROM: Set SMTP_URL and MAIL_FROM together/);
    expect(() => readConfig({ MAIL_FROM: both.MAIL_FROM })).toThrow(/SMTP_URL: Set/);
    expect(() => readConfig({ ...both, MAIL_FROM: 'a@b.c\r\nBcc: x@y.z' })).toThrow(/MAIL_FROM/);
  });
});
