import { defineConfig } from 'vite';

// One file that a page loads with one script tag: no modules, the style sheet within.
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
    lib: { entry: 'src/main.ts', name: 'BatonWidget', formats: ['iife'], fileName: () => 'widget.js' },
    sourcemap: 'hidden',
  },
});
