import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Bridge } from './answer.ts'
import { readConfig } from './config.ts'

const config = readConfig(process.env)
const bridge = new Bridge(config)
const running = new Set<Promise<void>>()

// A request that writes a file takes as long as the SFTP server takes to store it.
const server = createServer({ requestTimeout: config.timeouts.total }, (request, response) => {
  const answered = answer(request, response)
  running.add(answered)
  void answered.then(() => running.delete(answered))
})

server.listen(config.port, config.host, () => {
  const address = server.address()
  log({ event: 'listening', port: typeof address === 'object' ? address?.port : config.port })
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop())

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const began = performance.now()
  const closed = once(response, 'close')
  const route = ['/open', '/settle', '/write', '/health'].find((known) => known === request.url) ?? 'other'
  const outcome = await bridge.answer(request, response)
  await closed
  log({ event: 'request', route, ...outcome, ms: Math.round(performance.now() - began) })
}

/** Lets running requests finish, and refuses new ones with 503: the process that takes over may not listen yet. */
async function stop(): Promise<void> {
  log({ event: 'stopping', running: running.size })
  bridge.refuse()
  const finished = Promise.all(running)
  await Promise.race([finished, sleep(config.graceMs)])
  bridge.abort()
  await Promise.race([finished, sleep(500)])
  server.close()
  log({ event: 'stopped' })
  process.exit(0)
}

function log(line: object): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`)
}
