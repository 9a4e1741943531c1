// `npm run documents`: writes the descriptions of the wire to docs/reference, made of the schemas that check it, and what
// each side can do, made of what the code declares; its short form stands in the README.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { documents } from '@baton/protocol/documents';
import { capabilityTables, readmeWithDesks } from '#server/adapters/table.ts';

const folder = fileURLToPath(new URL('../docs/reference/', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(documents())) writeFileSync(`${folder}${name}`, text);
writeFileSync(`${folder}capabilities.md`, capabilityTables());

const readme = fileURLToPath(new URL('../README.md', import.meta.url));
writeFileSync(readme, readmeWithDesks(readFileSync(readme, 'utf8')));
