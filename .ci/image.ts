/*
 * Says whether the base image of the SFTP bridge is pinned by digest. With `--pin` it pins the image to what its tag names now, which
 * needs Docker and its registry.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const DOCKERFILE = 'sftp-bridge/Dockerfile'

const dockerfile = readFileSync(DOCKERFILE, 'utf8')
const [line = '', tag = '', digest] = /^FROM ([^\s@]+)(?:@(sha256:[0-9a-f]{64}))? AS base$/m.exec(dockerfile) ?? []
if (tag === '') throw new Error(`${DOCKERFILE} names no base image`)
if (process.argv.includes('--pin')) {
  const format = '{{.Manifest.Digest}}'
  const inspect = ['buildx', 'imagetools', 'inspect', tag, '--format', format]
  const found = execFileSync('docker', inspect, { encoding: 'utf8' }).trim()
  if (!/^sha256:[0-9a-f]{64}$/.test(found)) throw new Error(`Docker gave no digest for ${tag}: ${found}`)
  writeFileSync(DOCKERFILE, dockerfile.replace(line, `FROM ${tag}@${found} AS base`))
  console.log(`${DOCKERFILE}: ${tag} is pinned to ${found}`)
} else if (digest === undefined) {
  console.log(`${DOCKERFILE}: ${tag} is not pinned by digest yet. With Docker: npm run image -- --pin`)
} else {
  console.log(`${DOCKERFILE}: ${tag} is pinned to ${digest}`)
}
