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
        // React changes less often than our own code: browsers keep it over our releases. Mantine is left to the splitting:
        // what only the settings need of it comes with them.
        codeSplitting: {
          groups: [{ name: 'vendor', test: /node_modules\/(react|react-dom|scheduler|@tanstack)\// }],
        },
      },
    },
  },
  server: { proxy: { '/v1': { target: hub, ws: true }, '/files': hub } },
});
