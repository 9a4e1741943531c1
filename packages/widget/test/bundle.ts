import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The two scripts of the widget: what a page loads, and the chat that this loads when it is wanted. */
export interface Bundle {
  widget: Uint8Array;
  chat: Uint8Array;
}

/** The widget as it is shipped, built from the sources as they are now. Takes about two seconds. */
export async function buildWidget(): Promise<Bundle> {
  // As `npm run build` does: packages that look at it would otherwise bring their checks along.
  const mode = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  const outDir = mkdtempSync(join(tmpdir(), 'baton-widget-'));
  try {
    const root = fileURLToPath(new URL('..', import.meta.url));
    for (const name of ['vite.config.ts', 'vite.loader.config.ts']) {
      const options = { outDir, emptyOutDir: false, sourcemap: false };
      await build({ root, configFile: join(root, name), logLevel: 'error', build: options });
    }
    return { widget: readFileSync(join(outDir, 'widget.js')), chat: readFileSync(join(outDir, 'widget-chat.js')) };
  } finally {
    process.env.NODE_ENV = mode;
    rmSync(outDir, { recursive: true });
  }
}
