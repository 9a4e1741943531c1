import { defineConfig } from 'vite';

// The chat itself: a module that the first script (vite.loader.config.ts) loads when it is wanted, its style sheet within.
export default defineConfig({
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  // h() and not the newer jsx(): 0.2 KB less. TypeScript checks both alike.
  oxc: {
    jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' },
    jsxInject: `import { Fragment, h } from 'preact'`,
  },
  build: {
    target: ['chrome111', 'firefox113', 'safari16.4'],
    lib: { entry: 'src/chat.tsx', formats: ['es'], fileName: () => 'widget-chat.js' },
    // Vite keeps the white space of modules, for those who bundle them again. Nobody does.
    minify: 'oxc',
    rolldownOptions: { output: { minify: true } },
    sourcemap: 'hidden',
  },
});
