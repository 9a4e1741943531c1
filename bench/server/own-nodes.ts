// Several servers on one database behind a balancer without a memory, looking like one server of one's own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Balancer } from '#bench/chaos/balancer.ts';
import { startPostgres } from '#bench/measure/postgres.ts';
import { OWNER, type OwnServer, SITE, startOwnServer } from './own-server.ts';

/** `kill` and `restart` are of one of them: the others go on. */
export async function startOwnNodes(
  count: number,
  { environment = {} }: { environment?: Readonly<Record<string, string>> } = {},
): Promise<OwnServer> {
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (const one of undo.splice(0).reverse()) await one();
  };
  try {
    const postgres = await startPostgres();
    undo.push(() => postgres.stop());
    // Uploads are everybody's.
    const folder = mkdtempSync(join(tmpdir(), 'baton-nodes-'));
    undo.push(() => rmSync(folder, { recursive: true, force: true }));
    const balancer = new Balancer(Math.random);
    await balancer.start();
    undo.push(() => balancer.stop());
    const url = `http://127.0.0.1:${balancer.port}`;
    const common = {
      DATABASE_URL: await postgres.database('nodes'),
      DATA_DIR: folder,
      PUBLIC_URL: url,
      SECRET_KEY: 'only for this run, the same on every node of it',
      ALLOW_PRIVATE_ADDRESSES: 'true',
    };
    const nodes: OwnServer[] = [];
    for (let made = 0; made < count; made++) {
      const node = await startOwnServer({ environment: { ...common, ...environment } });
      undo.push(() => node.stop());
      nodes.push(node);
    }
    balancer.send(nodes.map((node) => Number(new URL(node.url).port)));
    const [first] = nodes;
    return {
      url,
      site: SITE,
      owner: OWNER,
      kill: async () => first?.kill(),
      restart: async () => first?.restart(),
      output: () => nodes.map((node) => node.output()).join(''),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
