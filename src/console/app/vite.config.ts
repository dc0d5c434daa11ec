import { defineConfig } from 'vite';

/** Where the server of `npm run start:dev` is, for which the development server stands in. */
const SERVER = { target: 'http://localhost:8000', ws: true };

export default defineConfig({
  publicDir: 'static', // what has an address of its own, which other pages name too
  build: {
    outDir: '../public', // beside console.module.ts, from where nest copies it into dist
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // the first with light-dark()
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '^/(api/v1|ws|docs|docs-json|dashboard|socket\\.io|health|metrics)([/?]|$)|^/sessions/[^/]+/dashboard.html':
        SERVER,
    },
  },
});
