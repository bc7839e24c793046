import type { FileVersion } from '../../sftp-bridge/request.ts'
import { readDetails } from '../../worker/src/core/contact.ts'
import { contacts } from '../../worker/src/store/contacts.ts'
import { database } from '../../worker/src/store/database.ts'
import { notifications } from '../../worker/src/store/notifications.ts'
import { type RunRow, runs } from '../../worker/src/store/runs.ts'
import { smsChanges } from '../../worker/src/store/sms-changes.ts'
import { insistOnNumbers } from '../../worker/src/testing/kept-numbers.ts'
import type { Followed } from './follower.ts'
import type { Expected } from './remote.ts'
import { ask, drain, type Played, passUntilTick, read, type World } from './schedule.ts'

const ACTIVE = ['queued', 'fetching', 'planning', 'applying']

/** Throws if the end of a schedule breaks one of the promises of `docs/reliability.md`. */
export async function judge(world: World): Promise<void> {
  const { platform } = world
  const db = database(platform.bindings)
  const everyRun = await db.select().from(runs)
  for (const run of everyRun) {
    if (ACTIVE.includes(run.status)) fail(`run ${run.id} is ${run.status} for ever: ${JSON.stringify(run)}`)
  }
  await insistOnNumbers(platform.bindings)
  await judgeHistories(world)
  await judgeMails(world, everyRun)
  judgeTaken(world, everyRun)
  await judgeFollower(world)
  await judgeConsent(world)
  for (const source of world.sources) await judgeImport(world, source)
  await judgeFollower(world)
  await judgeHealth(world, everyRun)
}

/** No contact has two entries of one run: no chunk was applied twice. */
async function judgeHistories({ platform }: World): Promise<void> {
  const rows = await database(platform.bindings).select().from(contacts)
  const places = new Set(rows.map(({ seq }) => seq))
  if (places.size !== rows.length) fail('two contacts have the same place in the order of changes')
  for (const { id, history } of rows) {
    const entries: { op: string; run?: string | null }[] = JSON.parse(history)
    const made = entries.flatMap(({ op, run }) => (op === 'sms' || run == null ? [] : [run]))
    if (new Set(made).size !== made.length) fail(`contact ${id} was changed twice by a run: ${history}`)
  }
}

/** A remote file is moved or deleted once its run is over, not before, and not left for ever. */
function judgeTaken({ sources }: World, everyRun: readonly RunRow[]): void {
  const isOf = ({ snapshot }: RunRow, { name, bytes, modifiedAt }: FileVersion) =>
    snapshot?.name === name && snapshot.bytes === bytes && snapshot.modifiedAt === modifiedAt
  for (const { id, remote } of sources) {
    const all = everyRun.filter(({ source }) => source === id)
    const over = all.filter(({ status }) => status === 'succeeded' || status === 'rejected')
    for (const file of remote.taken ?? [])
      if (!over.some((run) => isOf(run, file))) fail(`a file was taken that was not imported: ${JSON.stringify(file)}`)
    const { left } = remote
    for (const run of all) {
      if (run.afterImport === 'pending') fail(`the file of run ${run.id} waits for ever`)
      if (run.afterImport === 'done' && left && isOf(run, left)) fail(`the file of run ${run.id} is still there`)
    }
  }
}

/** Every end of a run is told once; an e-mail arrives, and arrives twice only if a send had no answer. */
async function judgeMails({ platform, sources }: World, everyRun: readonly RunRow[]): Promise<void> {
  const rows = await database(platform.bindings).select().from(notifications)
  const pending = rows.filter(({ status }) => status === 'pending')
  if (pending.length > 0) fail(`e-mails are pending for ever: ${JSON.stringify(pending)}`)
  for (const run of everyRun) {
    if (run.mode !== 'apply' || !sources.some(({ id }) => id === run.source)) continue
    const kinds = rows.filter((row) => row.run === run.id).map(({ kind }) => kind)
    if (new Set(kinds).size !== kinds.length) fail(`the end of run ${run.id} is told twice: ${kinds.join()}`)
    // Changes that wait already were told when they came to wait.
    const waits = run.status === 'held' && run.hold?.repeats === undefined
    const ought = waits ? 'held' : run.status === 'succeeded' ? 'report' : null
    if (ought !== null && !kinds.some((kind) => kind === ought))
      fail(`run ${run.id} ended as ${run.status}, and is told as ${kinds.join()}`)
  }
  for (const { id, kind, status } of rows) {
    const arrived = platform.sent.filter(({ notification }) => notification === id)
    const doubtful = arrived.filter((one) => one.doubtful).length
    if (status === 'sent' && arrived.length === 0) fail(`the e-mail ${kind} is sent and never arrived`)
    if (status === 'failed') fail(`the e-mail ${kind} was given up`)
    if (arrived.length - doubtful > 1)
      fail(`the e-mail ${kind} arrived ${arrived.length} times, ${doubtful} of them in doubt`)
  }
}

async function judgeFollower({ platform, follower }: World): Promise<void> {
  await follower.follow(platform)
  const { items } = await read<{ items: Followed[] }>(platform, '/api/contacts?limit=500')
  const kept = [...follower.copy.keys()].sort()
  same('who follows the changes has', kept, items.map(({ key }) => key).sort())
  // The state of a write-back is shown beside a contact, and is no change of it.
  const shown = (one: Followed | undefined) => one && { ...one, sms: one.sms.status }
  for (const contact of items)
    same(`of ${contact.key}, the follower has`, shown(follower.copy.get(contact.key)), shown(contact))
}

/** Nobody who opted out is reached. */
async function judgeConsent({ platform, decided, doubtful, stopped }: World): Promise<void> {
  interface Contact {
    key: string
    numbers: { number: string }[]
    sms: { status: string }
  }
  const { items } = await read<{ items: Contact[] }>(platform, '/api/contacts?limit=500')
  for (const { key, numbers, sms } of items) {
    const out = decided.get(key) === 'opted_out' && !doubtful.has(key)
    const stop = numbers.some(({ number }) => stopped.has(number)) && !decided.has(key) && !doubtful.has(key)
    if ((out || stop) && sms.status !== 'opted_out')
      fail(`contact ${key} opted out ${out ? 'here' : 'by text'} and is ${sms.status}`)
  }
}

/**
 * Once every source was imported without faults, nothing is an alarm, unless a run had been given up: that is one for a day. The
 * bridge is one until it has answered again.
 */
async function judgeHealth({ platform }: World, everyRun: readonly RunRow[]): Promise<void> {
  await passUntilTick(platform, 60_000)
  const response = await platform.request(() => new Request(`${platform.bindings.PUBLIC_URL}/api/health`))
  if (response === null) fail('the health check does not answer')
  const { ok, checks } = await response.json<{ ok: boolean; checks: object }>()
  if (!ok && everyRun.every(({ failure }) => failure?.code !== 'internal'))
    fail(`health says ${JSON.stringify(checks)}`)
}

/** What the file says is what the directory says, once a run without faults has ended. */
async function judgeImport(world: World, source: Played): Promise<void> {
  const { platform } = world
  const { remote, id } = source
  await ask(platform, 'PATCH', `/api/sources/${id}`, { enabled: true })
  remote.offer?.()
  await drain(platform)
  const started = await ask<{ id: string } | null>(platform, 'POST', `/api/sources/${id}/runs`, { fetch: 'all' })
  if (started === null) fail(`source ${id} cannot be imported any more`)
  await drain(platform)
  const view = () =>
    read<{ status: string; plan: { hash: string } | null; failure: unknown }>(platform, `/api/runs/${started.id}`)
  let run = await view()
  if (run.status === 'held') {
    await ask(platform, 'POST', `/api/runs/${started.id}/approve`, { planHash: run.plan?.hash })
    await drain(platform)
    run = await view()
  }
  if (run.status !== 'succeeded' && run.status !== 'unchanged')
    fail(`the last import ended as ${run.status}: ${JSON.stringify(run.failure)}`)
  if (remote.people !== null) await judgeDirectory(world, source, remote.people)
  if (remote.shown !== undefined) await judgeStatuses(world, source)
}

async function judgeDirectory({ platform }: World, { id: source }: Played, people: Expected): Promise<void> {
  const rows = await database(platform.bindings).select().from(contacts)
  const present = rows.filter((row) => row.source === source && row.removedAt === null)
  const is = present.map(({ id, details }) => {
    const { name, title, numbers } = readDetails(details)
    return [id, { name, title, number: numbers[0]?.number ?? '' }] as const
  })
  const sorted = (entries: Iterable<readonly [string, unknown]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
  same(`the directory of source ${source} has`, sorted(is), sorted(people))
}

/** The server of a source shows the status that was set here, or the recipients were told that it does not. */
async function judgeStatuses({ platform, decided, doubtful }: World, { remote, id: source }: Played): Promise<void> {
  // The status of a contact that the last import brought back is written after the next ticks.
  for (let minute = 0; minute < 3; minute++) await passUntilTick(platform, 60_000)
  const changes = await database(platform.bindings).select().from(smsChanges)
  const reported = new Set(changes.filter(({ notification }) => notification !== null).map(({ contact }) => contact))
  const rows = await database(platform.bindings).select().from(contacts)
  for (const { key, id, source: owner, removedAt, smsStatus } of rows) {
    const isOurs = owner === source && removedAt === null
    if (!isOurs || reported.has(key) || !decided.has(String(key)) || doubtful.has(String(key))) continue
    const shown = remote.shown?.(id)
    if (shown !== (smsStatus === 'opted_out' ? 'opted_out' : 'opted_in'))
      fail(`contact ${id} is ${smsStatus}, and its source shows ${shown}`)
  }
}

function same(what: string, is: unknown, ought: unknown): void {
  if (JSON.stringify(is) !== JSON.stringify(ought))
    fail(`${what} ${JSON.stringify(is)}\nand not ${JSON.stringify(ought)}`)
}

function fail(what: string): never {
  throw new Error(what)
}
