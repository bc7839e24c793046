import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBridge } from './testing/process.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const dockerfile = readFileSync(join(ROOT, 'sftp-bridge/Dockerfile'), 'utf8')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-image-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

it('the image is built from the files that it copies, and its one file runs without any package', async () => {
  const build = join(folder, 'build')
  const ignored = readFileSync(join(ROOT, 'sftp-bridge/Dockerfile.dockerignore'), 'utf8').split('\n')
  const copied = dockerfile
    .matchAll(/^COPY (\S+\.ts) \S+\/$/gm)
    .flatMap(([, from = '']) => globSync(from, { cwd: ROOT }))
  const isLeftOut = (file: string) => ignored.includes(file) || file.endsWith('.test.ts')
  for (const file of ['package.json', ...copied].filter((file) => !isLeftOut(file))) {
    mkdirSync(join(build, dirname(file)), { recursive: true })
    cpSync(join(ROOT, file), join(build, file))
  }
  symlinkSync(join(ROOT, 'node_modules'), join(build, 'node_modules'))
  const [, bundle = ''] = /^RUN node (\S+) \/build\/image$/m.exec(dockerfile) ?? []
  execFileSync(process.execPath, [bundle, join(build, 'image')], { cwd: build })

  const app = join(folder, 'app')
  const [, file = ''] = /^COPY --from=build \/build\/image\/(\S+) \.\/$/m.exec(dockerfile) ?? []
  mkdirSync(app)
  cpSync(join(build, 'image', file), join(app, file))
  const bridge = await startBridge({}, join(app, file))
  expect((await fetch(`${bridge.url}/health`)).status).toBe(200)
  await bridge.stop()
  expect(dockerfile).toContain(`CMD ["node", "${file}"]`)
})

it('the image lets a stream finish for as long as a transfer may take', () => {
  const [, grace] = /BRIDGE_GRACE_MS=(\d+)/.exec(dockerfile) ?? []
  const total = /BRIDGE_TOTAL_MS: number\((\d+) \* 60_000\)/.exec(
    readFileSync(join(ROOT, 'sftp-bridge/config.ts'), 'utf8'),
  )
  expect(Number(grace)).toBe(Number(total?.[1]) * 60_000)
})
