/**
 * `node packages/console/test/main.ts [port]`: the fake hub with a filled world, for working on the console alone.
 * Log in as dana@example.com with `correct horse`.
 */
import { ME, PASSWORD } from './agents.ts';
import { startFakeServer } from './server.ts';
import { fillWorld } from './world.ts';

const fake = await startFakeServer(Number(process.argv[2] ?? 4400));
const { offered } = fillWorld(fake.hub);
setTimeout(() => offered.offer(), 4_000);
console.log(`${fake.url}/console/ (${ME.email}, ${PASSWORD})`);
