import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Account, dnsComes, emptyAccount } from './stand-in/account.ts'
import { ANSWERS, newOperator, type Operator } from './stand-in/operator.ts'
import { type StandIn, startStandIn } from './stand-in/server.ts'

let standIn: StandIn
let operator: Operator
const opened: { remove(): void }[] = []

async function open(account: Account = emptyAccount()) {
  await standIn?.stop()
  standIn = await startStandIn(account)
  operator = newOperator(standIn)
  opened.push(operator)
}

beforeEach(async () => await open())
afterEach(async () => {
  await standIn.stop()
  for (const each of opened.splice(0)) each.remove()
})

/** What was printed and what happened, as a golden file has it: without what the next migration changes. */
const printed = () => `${operator.printed.join('\n').replace(/\d+ migrations(, up to \S+)?/g, 'N migrations')}\n`
const story = () => [printed(), ...standIn.calls, '', ...operator.commands, ''].join('\n')
const writes = () => standIn.calls.filter((call) => !call.startsWith('GET ') && !call.includes('/query'))
const muster = () => standIn.account.workers.get('muster')

/** What the account has afterwards, without IDs and times. */
function contents({ account }: StandIn) {
  return {
    databases: account.databases.map(({ name, jurisdiction, sqlite }) => ({
      ...{ name, jurisdiction },
      migrations: sqlite.prepare('SELECT name FROM d1_migrations ORDER BY id').all(),
    })),
    buckets: account.buckets,
    queues: account.queues.map(({ queue_name: name }) => name).sort(),
    secrets: muster()
      ?.bindings.map(({ name }) => name)
      .sort(),
    domains: [...account.projects].map(([name, { domains }]) => ({ name, domains })),
    records: [...account.records.values()].flat().map(({ id: _, ...record }) => record),
    senders: [...account.senders.values()].flat().map(({ name }) => name),
  }
}

describe('an empty account', () => {
  test('becomes a running Muster, by these calls', async () => {
    expect(await operator.deploy(...ANSWERS)).toBe(true)
    await expect(story()).toMatchFileSnapshot('golden/empty-account.txt')
    expect(standIn.account.databases[0]?.jurisdiction).toBe('eu')
    expect(standIn.account.buckets).toEqual([{ name: 'muster-files', jurisdiction: 'eu' }])
  })

  test('is not changed by a plan', async () => {
    expect(await operator.deploy(...ANSWERS, '--plan')).toBe(true)
    expect(writes()).toEqual([])
    expect(operator.commands).toEqual([])
    await expect(printed()).toMatchFileSnapshot('golden/plan.txt')
  })

  test('gets keys that only their owner can read, and that no output has', async () => {
    await operator.deploy(...ANSWERS)
    expect(statSync(join(operator.folder, 'deploy.keys.json')).mode & 0o777).toBe(0o600)
    const keys = JSON.parse(operator.kept('deploy.keys.json'))
    expect(Object.keys(keys).sort()).toEqual(['ADMIN_PASSWORD', 'BRIDGE_SECRET', 'ENCRYPTION_KEY'])
    for (const key of Object.values<string>(keys)) {
      expect(story()).not.toContain(key)
      expect(operator.kept('deploy.json') + operator.kept('wrangler.deploy.json')).not.toContain(key)
    }
  })

  test('that is not that of the answers is refused before anything is made', async () => {
    const other = ['--domain', 'muster.example.com', ...ANSWERS.slice(2)]
    expect(await operator.deploy(...other)).toBe(false)
    expect(writes()).toEqual([])
    await expect(printed()).toMatchFileSnapshot('golden/missing-domain.txt')
  })

  test('stays empty if the token may not do one of the things, and the permission is named', async () => {
    for (const [path, right] of [
      [/\/d1\//, 'D1 Write'],
      [/\/r2\//, 'Workers R2 Storage Write'],
      [/\/queues/, 'Queues Write'],
      [/\/pages\//, 'Pages Write'],
      [/\/workers\//, 'Workers Scripts Write'],
      [/\/dns_records/, 'DNS Write'],
      [/\/email\//, 'Email Sending Write'],
      [/\/zones$/, 'Zone Read'],
    ] as const) {
      await open()
      standIn.forbidden.push(path)
      await expect(operator.deploy(...ANSWERS)).rejects.toThrow(`needs the permission "${right}"`)
      expect(writes(), right).toEqual([])
    }
  })

  test('is not given keys that would be lost with the machine', async () => {
    operator.env = { CI: 'true' }
    expect(await operator.deploy(...ANSWERS)).toBe(false)
    expect(writes()).toEqual([])
    expect(operator.printed.join('\n')).toContain('a machine that keeps no files')
  })
})

describe('a Muster that runs', () => {
  beforeEach(async () => {
    await operator.deploy(...ANSWERS)
    dnsComes(standIn.account)
    standIn.calls.length = 0
    operator.commands.length = 0
    operator.printed.length = 0
  })

  test('is updated, and nothing is made a second time', async () => {
    const before = operator.kept('deploy.keys.json')
    expect(await operator.deploy('--yes')).toBe(true)
    await expect(story()).toMatchFileSnapshot('golden/second-deploy.txt')
    expect(writes().map((call) => call.split('\n', 1)[0])).toEqual([
      `POST /accounts/${standIn.account.id}/email/sending/send`,
    ])
    expect(operator.kept('deploy.keys.json')).toBe(before)
    expect(operator.commands.join('\n')).not.toContain('--secrets-file')
  })

  test('gets one test mail for a sender, however often it is deployed', async () => {
    await operator.deploy('--yes')
    await operator.deploy('--yes')
    expect(standIn.account.mails).toHaveLength(1)
  })

  test('loses ADMIN_PASSWORD once there is an administrator', async () => {
    const sqlite = standIn.account.databases[0]?.sqlite
    sqlite?.exec(
      "INSERT INTO user (id, email, name, role, created_at) VALUES ('1', 'ada@example.org', '', 'administrator', 0)",
    )
    await operator.deploy('--yes')
    expect(operator.commands).toContain('wrangler secret delete ADMIN_PASSWORD --name muster')
    expect(Object.keys(JSON.parse(operator.kept('deploy.keys.json')))).not.toContain('ADMIN_PASSWORD')
    operator.commands.length = 0
    await operator.deploy('--yes')
    expect(operator.commands.join('\n')).not.toContain('secret')
  })

  test('is not given another encryption key while it has data', async () => {
    standIn.account.databases[0]?.sqlite.exec(
      "INSERT INTO user (id, email, name, role, created_at) VALUES ('1', 'ada@example.org', '', 'administrator', 0)",
    )
    standIn.account.workers.delete('muster')
    const other = newOperator(standIn)
    opened.push(other)
    expect(await other.deploy(...ANSWERS)).toBe(false)
    expect(other.printed.join('\n')).toContain('neither the Worker nor deploy.keys.json has the ENCRYPTION_KEY')
    expect(other.commands).toEqual([])
    // The operator who has the keys can go on.
    expect(await operator.deploy('--yes')).toBe(true)
  })

  test('is not moved to another place', async () => {
    expect(await operator.deploy('--yes', '--data', 'us')).toBe(false)
    expect(operator.printed.join('\n')).toContain('The database has the jurisdiction eu')
    expect(operator.commands).toEqual([])
  })

  test('does not take a domain that leads somewhere else', async () => {
    const [zone] = standIn.account.zones
    standIn.account.records
      .get(zone?.id ?? '')
      ?.push({ id: '1', type: 'A', name: 'www.example.org', content: '192.0.2.1' })
    expect(await operator.deploy('--yes', '--domain', 'www.example.org')).toBe(false)
    expect(operator.printed.join('\n')).toContain('www.example.org has another DNS record, A 192.0.2.1')
  })

  test('gets the SFTP bridge where Docker answers, and keeps it where it does not', async () => {
    operator.docker = true
    await operator.deploy('--yes')
    const built = JSON.parse(operator.kept('wrangler.deploy.json'))
    expect(built.containers[0]).toMatchObject({ class_name: 'SftpBridge', instance_type: 'basic' })
    expect(built.containers[0].image).toMatch(/sftp-bridge\/Dockerfile$/)
    operator.docker = false
    await operator.deploy('--yes')
    const kept = JSON.parse(operator.kept('wrangler.deploy.json'))
    expect(kept.containers[0].image).toBe('account/muster-sftpbridge:1')
    expect(kept.containers[0].image_build_context).toBeUndefined()
    expect(kept.durable_objects.bindings[0].name).toBe('BRIDGE')
  })

  test('goes back to the Worker before, and a second time to the one before that', async () => {
    await operator.deploy('--yes')
    await operator.deploy('--yes')
    const [first, second] = muster()?.versions ?? []
    operator.commands.length = 0
    await operator.deploy('--rollback', 'worker')
    await operator.deploy('--rollback', 'worker')
    await expect(operator.deploy('--rollback', 'worker')).rejects.toThrow('no earlier version')
    expect(operator.commands.map((command) => command.split(' ')[2])).toEqual([second?.id, first?.id])
  })

  test('goes back to the pages before, and a second time to those before that', async () => {
    await operator.deploy('--yes')
    await operator.deploy('--yes')
    const [project] = standIn.account.projects.values()
    const [first, second] = project?.deployments ?? []
    await operator.deploy('--rollback', 'pages')
    expect(project?.canonical).toBe(second?.id)
    await operator.deploy('--rollback', 'pages')
    expect(project?.canonical).toBe(first?.id)
    await expect(operator.deploy('--rollback', 'pages')).rejects.toThrow('no earlier deployment')
  })

  test('that names a fault, or is not Muster, is a failure', async () => {
    operator.health = {
      status: 503,
      body: { ok: false, version: '1.0.0', checks: { files: 'failed', cron: 'failed' } },
    }
    expect(await operator.deploy('--yes')).toBe(false)
    expect(operator.printed.join('\n')).toContain(
      'FAILED  Pages: https://muster.example.org/api/health names files, cron',
    )
    operator.health = { status: 302, body: null }
    expect(await operator.deploy('--yes')).toBe(false)
    expect(operator.printed.join('\n')).toContain('not from Muster')
  })

  test('whose cron has not run for the first time only waits', async () => {
    operator.health = { status: 503, body: { ok: false, version: '1.0.0', checks: { files: 'ok', cron: 'failed' } } }
    expect(await operator.deploy('--yes')).toBe(true)
    expect(operator.printed.join('\n')).toContain('waits   Pages')
  })

  test('whose name this machine does not see yet only waits', async () => {
    operator.health = new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND muster.example.org') })
    expect(await operator.deploy('--yes')).toBe(true)
    expect(operator.printed.join('\n')).toContain('waits   Pages')
  })
})

describe('a deploy that stops', () => {
  test('at any call goes on from there the next time, and ends in the same account', async () => {
    await operator.deploy(...ANSWERS)
    const whole = contents(standIn)
    const count = writes().length
    for (let stop = 0; stop < count; stop++) {
      await open()
      let seen = 0
      // The call has happened, and its answer is lost.
      standIn.breaks = (call) => !call.startsWith('GET') && !call.includes('/query') && seen++ === stop
      await expect(operator.deploy(...ANSWERS), `call ${stop}`).rejects.toThrow('no answer')
      standIn.breaks = null
      expect(await operator.deploy(...ANSWERS)).toBe(true)
      expect(contents(standIn), `call ${stop}`).toEqual(whole)
    }
  })

  test('at any command of wrangler goes on from there the next time, with the same keys', async () => {
    await operator.deploy(...ANSWERS)
    const whole = contents(standIn)
    for (const command of ['d1', 'deploy', 'pages']) {
      await open()
      operator.failing.push(command)
      await expect(operator.deploy(...ANSWERS)).rejects.toThrow(`wrangler ${command} failed`)
      const keys = operator.kept('deploy.keys.json')
      operator.failing.length = 0
      await operator.deploy('--yes')
      expect(contents(standIn)).toEqual(whole)
      expect(operator.kept('deploy.keys.json')).toBe(keys)
    }
  })
})

test('a probe takes away what it made, and prints what it was answered', async () => {
  await operator.deploy(...ANSWERS)
  const before = contents(standIn)
  operator.printed.length = 0
  operator.onWait = () => {
    const probed = standIn.account.databases.find(({ name }) => name === 'muster-probe')
    probed?.sqlite.exec(
      "INSERT OR REPLACE INTO answer VALUES ('batch', 'one batch is taken'), ('place', 'a consumer ran in AMS')",
    )
  }
  await operator.deploy('--probe')
  expect(contents(standIn)).toEqual(before)
  expect(standIn.account.workers.has('muster-probe')).toBe(false)
  expect(operator.printed).toEqual([
    'database: in EEUR, jurisdiction eu',
    'batch: one batch is taken',
    'queries: no answer within two minutes',
    'place: a consumer ran in AMS',
    'encoding: no answer within two minutes',
    'docs/first-account.md says what each answer means.',
  ])
})

describe('a removal', () => {
  test('takes away all that the deploys made, but for the sender’s domain', async () => {
    await operator.deploy(...ANSWERS)
    operator.docker = true
    await operator.deploy('--yes')
    expect(await operator.deploy('--remove', 'muster.example.org')).toBe(true)
    const { databases, buckets, queues, workers, containers, projects, records } = standIn.account
    expect({ databases, buckets, queues, containers }).toEqual({
      databases: [],
      buckets: [],
      queues: [],
      containers: [],
    })
    expect([workers.size, projects.size, [...records.values()].flat()]).toEqual([0, 0, []])
    expect(operator.printed.join('\n')).toContain("the sender's domain in Email Service")
  })

  test('keeps a bucket that still has files, and says so', async () => {
    await operator.deploy(...ANSWERS)
    for (const bucket of standIn.account.buckets) bucket.files = 1
    await operator.deploy('--remove', 'muster.example.org')
    expect(standIn.account.buckets).toHaveLength(1)
    expect(operator.printed.join('\n')).toContain('the files of the bucket muster-files, and then the bucket')
  })

  test('needs the domain, so that nobody removes another Muster', async () => {
    await operator.deploy(...ANSWERS)
    await expect(operator.deploy('--remove', 'other.example.org')).rejects.toThrow('--remove muster.example.org')
    expect(standIn.account.workers.size).toBe(1)
  })
})
