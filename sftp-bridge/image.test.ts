import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { startBridge } from './testing/process.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

it('the image has every file that the bridge needs', async () => {
  const image = mkdtempSync(join(tmpdir(), 'muster-image-'))
  const dockerfile = readFileSync(join(ROOT, 'sftp-bridge/Dockerfile'), 'utf8')
  const ignored = readFileSync(join(ROOT, 'sftp-bridge/Dockerfile.dockerignore'), 'utf8').split('\n')
  const copied = dockerfile
    .matchAll(/^COPY (\S+\.ts) \S+\/$/gm)
    .flatMap(([, from = '']) => globSync(from, { cwd: ROOT }))
  const isLeftOut = (file: string) => ignored.includes(file) || file.endsWith('.test.ts')
  for (const file of ['package.json', ...copied].filter((file) => !isLeftOut(file))) {
    mkdirSync(join(image, dirname(file)), { recursive: true })
    cpSync(join(ROOT, file), join(image, file))
  }
  symlinkSync(join(ROOT, 'node_modules'), join(image, 'node_modules'))

  const bridge = await startBridge({}, join(image, 'sftp-bridge/server.ts'))
  expect((await fetch(`${bridge.url}/health`)).status).toBe(200)
  await bridge.stop()
  rmSync(image, { recursive: true })
})
