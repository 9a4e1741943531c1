// `npm run documents`: writes the descriptions of the wire to docs/reference, made of the schemas that check it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { documents } from '@baton/protocol/documents';

const folder = fileURLToPath(new URL('../docs/reference/', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(documents())) writeFileSync(`${folder}${name}`, text);
