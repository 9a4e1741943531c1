import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

// What a page loads with one script tag: no module, as small as can be.
export default defineConfig({
  publicDir: false,
  plugins: [chatVersion()],
  build: {
    target: ['chrome111', 'firefox113', 'safari16.4'],
    lib: { entry: 'src/main.ts', name: 'BatonWidget', formats: ['iife'], fileName: () => 'widget.js' },
    sourcemap: 'hidden',
  },
});

/** The chat is asked for by what is in it, so that no browser takes an older one from its cache. */
function chatVersion(): Plugin {
  return {
    name: 'chat-version',
    config: ({ build }) => {
      const chat = readFileSync(resolve(import.meta.dirname, build?.outDir ?? 'dist', 'widget-chat.js'));
      return { define: { CHAT_VERSION: JSON.stringify(createHash('sha256').update(chat).digest('hex').slice(0, 12)) } };
    },
  };
}
