import type { Config } from '#config';
import { type FirstStart, makeLoginLinks } from '#store/first-start.ts';
import type { Baton } from './app.ts';

/** Says on the terminal where everything is, with links that log in. */
export async function announce(baton: Baton, config: Config): Promise<void> {
  const { url } = baton;
  const lines = ['', `Baton is running at ${url}`, ''];
  if (config.demo) lines.push(row('Demo shop', `${url}/demo`), row('', `${url}/demo?as=ada  (as a known customer)`));
  lines.push(row('Console', `${url}/console/`), row('API docs', `${url}/docs`));
  if (isLocal(config)) {
    for (const { name, role, token } of await makeLoginLinks(baton.pool, Date.now()))
      lines.push(row(`  as ${name}`, `${url}/login/${token}  (${role}; works once)`));
  }
  lines.push('', 'Ctrl-C stops it.', '');
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** What was made at the first start and is kept as hashes only: said this one time. */
export function announceFirst({ owner, apiKey, siteKey }: FirstStart): void {
  const lines = [
    ...(owner.made ? [row('Owner', `${owner.email}  password ${owner.password}`)] : []),
    ...(apiKey.made ? [row('API key', apiKey.key)] : []),
    ...(siteKey.made ? [row('Site key', siteKey.key)] : []),
  ];
  if (lines.length > 0) process.stdout.write(`\nMade now and not shown again:\n${lines.join('\n')}\n`);
}

/** A link that logs in is for the person at this terminal, not for the log of a server. */
function isLocal(config: Config): boolean {
  return config.tryingOut || process.stdout.isTTY === true;
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(16)} ${text}`;
}
