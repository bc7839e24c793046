import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/*
 * Bundles the bridge to one file, `bridge.cjs` in the folder that is given: `node sftp-bridge/bundle.ts FOLDER`. It starts with half the
 * work and two thirds of the memory of the sources with their packages, which matters on a small instance.
 */

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('Say in which folder to put the bundle')

await build({
  configFile: false,
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'warn',
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: 'server.ts',
    target: 'node24',
    outDir: folder,
    emptyOutDir: false,
    rolldownOptions: {
      // The optional native parts of ssh2, without which it uses Node's own cryptography.
      external: ['cpu-features', './crypto/build/Release/sshcrypto.node'],
      // ssh2 asks for `__dirname`, which a module of the other kind does not have.
      output: { format: 'cjs', entryFileNames: 'bridge.cjs' },
    },
  },
})
