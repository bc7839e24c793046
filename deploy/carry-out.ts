import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { domainOf } from './answers.ts'
import { type Bridge, bridgeFor, configFor } from './config.ts'
import { bucketHeaders, makeDatabase, queueSchema, RIGHTS, recordSchema } from './found.ts'
import { forgetPassword, makeKeys } from './keys.ts'
import { placeOf } from './place.ts'
import { hasRecord, missingQueues, missingSecrets, STEPS, type State, type StepName } from './plan.ts'
import type { World } from './world.ts'

/** Carries out one step and returns what is there afterwards. May be repeated after a failure at any point. */
type Run = (state: State, world: World) => Promise<State>

const RUN: Record<StepName, Run> = {
  async database(state, { cloudflare }) {
    const database = await makeDatabase(cloudflare, state.found, state.wanted.database, state.answers)
    return withFound(state, { database })
  },

  async bucket(state, { cloudflare }) {
    const { hint } = placeOf(state.answers.data)
    await cloudflare.call('POST', `/accounts/${state.found.account.id}/r2/buckets`, {
      right: RIGHTS.r2,
      headers: bucketHeaders(state.answers),
      body: { name: state.wanted.bucket, ...(hint === undefined ? {} : { locationHint: hint }) },
      result: z.unknown(),
    })
    return withFound(state, { bucket: true })
  },

  async queues(state, { cloudflare }) {
    const queues = [...state.found.queues]
    for (const name of missingQueues(state)) {
      const { queue_id: id } = await cloudflare.call('POST', `/accounts/${state.found.account.id}/queues`, {
        right: RIGHTS.queues,
        body: { queue_name: name },
        result: queueSchema,
      })
      queues.push({ id, name })
    }
    return withFound(state, { queues })
  },

  async keys(state, { folder }) {
    const keys = makeKeys(folder, state.here.keys, missingSecrets(state))
    return { ...state, here: { ...state.here, keys } }
  },

  async migrations(state, world) {
    const config = writeConfig(state, world, { kind: 'none' })
    await world.wrangler(state.found.account.id, [
      'd1',
      'migrations',
      'apply',
      state.wanted.database,
      '--remote',
      '--config',
      config,
    ])
    return withFound(state, { migrations: state.wanted.migrations })
  },

  async worker(state, world) {
    await deployWorker(state, world, bridgeFor(state))
    const before = state.found.worker?.secrets ?? []
    return withFound(state, {
      worker: { secrets: [...before, ...missingSecrets(state)], bridge: state.found.container !== null },
    })
  },

  async bridge(state, world) {
    await deployWorker(state, world, { kind: 'build' })
    // The look afterwards finds the application that wrangler made.
    return withFound(state, { container: { id: '', image: '' } })
  },

  async project(state, { cloudflare }) {
    const project = await cloudflare.call('POST', `/accounts/${state.found.account.id}/pages/projects`, {
      right: RIGHTS.pages,
      body: { name: state.wanted.project, production_branch: BRANCH },
      result: z.object({ subdomain: z.string() }),
    })
    return withFound(state, { project })
  },

  async pages(state, world) {
    await world.buildPages()
    const args = ['pages', 'deploy', '--branch', BRANCH, '--commit-dirty=true']
    await world.wrangler(state.found.account.id, args, 'web')
    return state
  },

  async domain(state, { cloudflare }) {
    const { wanted, answers, found } = state
    const domain =
      found.domain ??
      (await cloudflare.call('POST', `/accounts/${found.account.id}/pages/projects/${wanted.project}/domains`, {
        right: RIGHTS.pages,
        body: { name: answers.domain },
        result: z.object({ status: z.string() }),
      }))
    if (hasRecord(state) || found.zone === null || found.project === null) return withFound(state, { domain })
    const record = await cloudflare.call('POST', `/zones/${found.zone.id}/dns_records`, {
      right: RIGHTS.dns,
      body: { type: 'CNAME', name: answers.domain, content: found.project.subdomain, proxied: true },
      result: recordSchema,
    })
    return withFound(state, { domain, records: [...found.records, record] })
  },

  async sender(state, { cloudflare }) {
    if (state.found.senderZone === null) return state
    const sender = await cloudflare.call('POST', `/zones/${state.found.senderZone.id}/email/sending/subdomains`, {
      right: RIGHTS.email,
      body: { name: domainOf(state.answers.sender) },
      result: z.object({ enabled: z.boolean() }),
    })
    return withFound(state, { sender })
  },

  async password(state, world) {
    await world.wrangler(state.found.account.id, ['secret', 'delete', 'ADMIN_PASSWORD', '--name', state.wanted.worker])
    forgetPassword(world.folder)
    return state
  },
}

/** The branch of the Pages project whose deployments are public. All others would be previews, and there are none. */
const BRANCH = 'main'

/**
 * Carries out a deploy. Each step is asked again just before it, since the one before it may have changed what it does. A step that
 * fails ends the deploy; the next deploy begins there. Returns what is there afterwards.
 */
export async function carryOut(state: State, world: World): Promise<State> {
  let now = state
  for (const { name, words } of STEPS) {
    const what = words(now)
    if (what === null) continue
    world.print(`  ${what}`)
    now = await RUN[name](now, world)
  }
  return now
}

function withFound(state: State, changes: Partial<State['found']>): State {
  return { ...state, found: { ...state.found, ...changes } }
}

/** Writes the configuration for wrangler and returns its path. It has no secrets and is made anew each time. */
function writeConfig(state: State, { root, folder }: World, bridge: Bridge): string {
  const path = join(folder, 'wrangler.deploy.json')
  writeFileSync(path, `${JSON.stringify(configFor(root, state, bridge), null, 2)}\n`)
  return path
}

/** Deploys the Worker, together with the secrets that it does not have. wrangler reads them from a file that exists for so long only. */
async function deployWorker(state: State, world: World, bridge: Bridge): Promise<void> {
  const args = ['deploy', '--config', writeConfig(state, world, bridge)]
  const missing = missingSecrets(state)
  if (missing.length === 0) return await world.wrangler(state.found.account.id, args)
  const folder = mkdtempSync(join(tmpdir(), 'muster-deploy-'))
  try {
    const secrets = join(folder, 'secrets.json')
    const values = Object.fromEntries(missing.map((name) => [name, state.here.keys[name]]))
    writeFileSync(secrets, JSON.stringify(values), { mode: 0o600 })
    await world.wrangler(state.found.account.id, [...args, '--secrets-file', secrets])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
