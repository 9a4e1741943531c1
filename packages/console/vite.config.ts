import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the hub; in production the hub itself serves the built files under /console/. */
const hub = 'http://127.0.0.1:3000';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    target: 'es2023',
    // One chunk of libraries, served by the hub itself and kept by the browser.
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        // React and Mantine change less often than our own code: browsers keep them over our releases.
        codeSplitting: {
          groups: [{ name: 'vendor', test: /node_modules/ }],
        },
      },
    },
  },
  server: { proxy: { '/v1': { target: hub, ws: true }, '/files': hub } },
});
