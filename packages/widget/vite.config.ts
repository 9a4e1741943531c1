import { defineConfig } from 'vite';

// One file that a page loads with one script tag: no modules, the style sheet within.
export default defineConfig({
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  build: {
    target: ['chrome111', 'firefox113', 'safari16.4'],
    lib: { entry: 'src/main.ts', name: 'BatonWidget', formats: ['iife'], fileName: () => 'widget.js' },
    sourcemap: 'hidden',
  },
});
