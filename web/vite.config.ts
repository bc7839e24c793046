import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [preact()],
  // The policy in public/_headers allows no data: address, so nothing may be inlined.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Otherwise each small part that some pages share is a file of its own, and a page is twelve of them.
      output: { codeSplitting: { groups: [{ name: 'parts', test: /\/web\/src\/parts\// }] } },
    },
  },
  server: { host: '127.0.0.1', proxy: { '/api': process.env.MUSTER_URL ?? 'http://localhost:8787' } },
})
