import { beforeEach, describe, expect, it } from 'vitest'
import type { SmsChangeView } from '../api/views/consent.ts'
import type { OptOutFileView, SourceView, TestView } from '../api/views/source.ts'
import {
  clockAdvanced,
  numberOf,
  OPTED_MAPPING,
  type OptedRow,
  optedFile,
  people,
  setSms,
  statuses,
} from '../testing/opted.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import { takeText } from './sms.ts'

const MINUTE = 60_000
const SOURCE = 'out/contacts.csv'
const FILE = 'in/opt-outs.csv'
const connection = {
  kind: 's3',
  url: `s3://college/${SOURCE}`,
  region: 'ca-central-1',
  accessKeyId: 'AKIACOLLEGE',
  secretAccessKey: 's3cret-of-the-college',
  optOuts: { path: FILE },
}

/** A bucket in S3. The real S3 API and OpenSSH have tests of their own beside the connections. */
class Bucket {
  readonly objects = new Map<string, string>()
  /** Each method with its key, in order. */
  readonly calls: string[] = []
  /** The methods that the keys do not allow for the file of opt-outs. */
  forbidden: string[] = []

  readonly answer = async (request: Request): Promise<Response> => {
    const key = decodeURIComponent(new URL(request.url).pathname.slice(1))
    this.calls.push(`${request.method} ${key}`)
    const content = request.method === 'PUT' ? await request.text() : null
    if (key === FILE && this.forbidden.includes(request.method)) return refusal(403, 'AccessDenied')
    if (content !== null) {
      this.objects.set(key, content)
      return new Response()
    }
    const text = this.objects.get(key)
    return text === undefined ? refusal(404, 'NoSuchKey') : new Response(text)
  }

  puts(): number {
    return this.calls.filter((call) => call === `PUT ${FILE}`).length
  }
}

function refusal(status: number, code: string): Response {
  return new Response(`<Error><Code>${code}</Code></Error>`, { status })
}

let world: World
let bucket: Bucket
let source: string

const ROWS: OptedRow[] = ['A', 'B', 'C'].map((id) => ({ id, sms: '' }))

beforeEach(async () => {
  world = await World.start()
  bucket = new Bucket()
  source = await world.source({
    connection,
    ...OPTED_MAPPING,
    limits: NO_LIMITS,
    notify: { emails: ['a@example.org'] },
  })
  await importRows(ROWS)
  await nextMinute()
})

async function importRows(rows: OptedRow[]) {
  bucket.objects.set(SOURCE, optedFile(rows))
  await clockAdvanced()
  const run = await world.import(source, bucket.answer)
  expect(run.status).toMatch(/^(succeeded|unchanged)$/)
  return run
}

/** Lets a minute pass, and the tick with all that it starts. */
async function nextMinute(minutes = 1): Promise<void> {
  world.passTime(minutes * MINUTE)
  await world.tick(0)
  await world.drain()
}

let texts = 0
const text = (id: string, body: string) =>
  takeText(world.env, { id: String(++texts), from: numberOf(id), body }, Date.now())

/** Returns the rows of the file without its header and its times. */
function listed(): string[][] {
  const [header, ...rows] = (bucket.objects.get(FILE) ?? '').trim().split('\r\n')
  expect(header).toBe('ID,Name,Number,SMS Status,When')
  return rows.map((row) => row.split(',').slice(0, 4))
}
const row = (id: string, status: string) => [id, `Person ${id}`, numberOf(id).slice(1), status]
const writeBack = async (id: string) => (await people(world)).get(id)?.sms.writeBack
const view = () => world.api<OptOutFileView>('GET', `/api/sources/${source}/opt-outs`)
const mails = () => world.mails.filter(({ subject }) => subject.includes('SMS status'))

describe('the file of opt-outs', () => {
  it('a person who texts STOP is in the file within a minute, and the next import confirms it', async () => {
    await text('A', 'STOP')
    expect(await writeBack('A')).toBe('pending')
    await nextMinute()
    expect([listed(), await writeBack('A')]).toEqual([[row('A', 'Opted out')], 'sent'])
    await importRows(ROWS)
    await nextMinute()
    expect([await writeBack('A'), (await statuses(world)).A]).toEqual(['confirmed', 'opted_out'])
    expect(await view()).toEqual({
      url: 'https://college.s3.ca-central-1.amazonaws.com/in/opt-outs.csv',
      writtenAt: expect.stringMatching(/^20/),
      due: false,
      failure: null,
    })
  })

  it('the file is there after the first import, so that a wrong path shows before anybody opts out', async () => {
    expect(listed()).toEqual([])
    expect(await view()).toMatchObject({ due: false, failure: null, writtenAt: expect.anything() })
  })

  it('many opt-outs in a short time make one file, which has the newest status of each', async () => {
    const before = bucket.puts()
    await text('A', 'STOP')
    await text('B', 'STOP')
    await text('B', 'START')
    await setSms(world, 'C', 'opted_out')
    await world.drain()
    expect(bucket.puts()).toBe(before)
    await nextMinute()
    expect(bucket.puts()).toBe(before + 1)
    expect(listed()).toEqual([row('A', 'Opted out'), row('B', 'Opted in'), row('C', 'Opted out')])
    expect([await writeBack('A'), await writeBack('B'), await writeBack('C')]).toEqual(['sent', 'sent', 'sent'])
  })

  it.each(['before', 'after'])(
    'a status that is set while the file is being written is in the next one (%s the content)',
    async (when) => {
      await text('A', 'STOP')
      const { answer } = bucket
      world.remote = async (request) => {
        const meanwhile = request.method === 'PUT' && bucket.puts() === 1
        if (meanwhile && when === 'before') await text('B', 'STOP')
        const answered = await answer(request)
        if (meanwhile && when === 'after') await text('B', 'STOP')
        return answered
      }
      await nextMinute()
      expect([listed(), await writeBack('A'), await writeBack('B')]).toEqual([
        [row('A', 'Opted out')],
        'sent',
        'pending',
      ])
      await nextMinute()
      expect(listed()).toEqual([row('A', 'Opted out'), row('B', 'Opted out')])
      expect([await writeBack('A'), await writeBack('B')]).toEqual(['confirmed', 'sent'])
    },
  )

  it('a list of opt-outs that is too long to be kept in memory is written whole', async () => {
    const many = Array.from({ length: 25 }, (_, i) => ({
      id: `M${i + 10}`,
      sms: '',
      name: 'M'.repeat(200_000),
      number: `+160455502${i + 10}`,
    }))
    await importRows([...ROWS, ...many])
    for (const { number } of many) await takeText(world.env, { id: number, from: number, body: 'STOP' }, Date.now())
    await nextMinute()
    expect(listed().map(([id]) => id)).toEqual(many.map(({ id }) => id))
  })

  it('messages that come twice write the file once', async () => {
    await text('A', 'STOP')
    const before = bucket.puts()
    world.passTime(MINUTE)
    await world.tick(0)
    await world.drain(3)
    expect([bucket.puts(), listed()]).toEqual([before + 1, [row('A', 'Opted out')]])
  })

  it('a crash of the Worker at any call loses no opt-out', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let call = 1; call <= 12; call++) {
        const status = call % 2 === 0 ? 'opted_in' : 'opted_out'
        await setSms(world, 'A', status)
        world.faults.crashAt(call, when)
        await nextMinute().catch(() => undefined)
        world.faults.restart()
        // The attempt counts as lost.
        await nextMinute(7)
        expect([when, call, listed(), await writeBack('A')]).toEqual([
          when,
          call,
          [row('A', status === 'opted_in' ? 'Opted in' : 'Opted out')],
          expect.stringMatching(/^(sent|confirmed)$/),
        ])
      }
    }
  })

  it('a night without changes reads the file and writes nothing', async () => {
    await text('A', 'STOP')
    await nextMinute()
    await importRows(ROWS)
    await nextMinute()
    const before = bucket.calls.length
    await importRows(ROWS)
    await nextMinute()
    expect(bucket.calls.slice(before)).toEqual([`GET ${SOURCE}`, `GET ${FILE}`])
  })

  it('a person who comes with a number that has opted out is in the file after the import', async () => {
    await takeText(world.env, { id: 'x', from: numberOf('D'), body: 'STOP' }, Date.now())
    await importRows([...ROWS, { id: 'D', sms: '' }])
    await nextMinute()
    expect(listed()).toEqual([row('D', 'Opted out')])
  })

  it('a person who shares a number with somebody who opts out is in the file within a minute', async () => {
    await importRows([...ROWS, { id: 'D', sms: '', number: numberOf('A') }])
    await nextMinute()
    await setSms(world, 'A', 'opted_out')
    await nextMinute()
    const shared = ['D', 'Person D', numberOf('A').slice(1), 'Opted out']
    expect(listed()).toEqual([row('A', 'Opted out'), shared])
  })

  it('a person of another source with the number is in the file of that source', async () => {
    const other = { ...connection, url: 's3://college/other.csv', optOuts: { path: 'other-opt-outs.csv' } }
    const id = await world.source({ name: 'Other', connection: other, ...OPTED_MAPPING, limits: NO_LIMITS })
    bucket.objects.set('other.csv', optedFile([{ id: 'X', sms: '', number: numberOf('A') }]))
    await world.import(id, bucket.answer)
    await setSms(world, 'A', 'opted_out')
    await nextMinute()
    expect(bucket.objects.get('other-opt-outs.csv')).toContain('X,Person X,')
  })

  it('a person who leaves is no longer in the file, and that is no conflict', async () => {
    await text('A', 'STOP')
    await importRows(ROWS.slice(1))
    await nextMinute()
    expect([listed(), mails()]).toEqual([[], []])
  })

  it('a status that the source then shows in its own column is no conflict', async () => {
    await text('A', 'STOP')
    await nextMinute()
    await importRows([{ id: 'A', sms: 'N' }, ...ROWS.slice(1)])
    await nextMinute()
    await nextMinute()
    expect([await writeBack('A'), mails()]).toEqual(['confirmed', []])
  })

  it('an ID or a name that looks like a formula runs nowhere, and its status is confirmed', async () => {
    const odd = [{ id: '=1+1', sms: '', number: '+16045550177', name: '@SUM(A1)' }]
    await importRows([...ROWS, ...odd])
    await setSms(world, '=1+1', 'opted_out')
    await nextMinute()
    expect(listed()).toEqual([["'=1+1", "'@SUM(A1)", '16045550177', 'Opted out']])
    await importRows([...ROWS, ...odd])
    await nextMinute()
    expect(await writeBack('=1+1')).toBe('confirmed')
  })
})

describe('a file of opt-outs that others change', () => {
  beforeEach(async () => {
    await text('A', 'STOP')
    await nextMinute()
  })

  async function edited(change: (text: string) => string | null): Promise<void> {
    const changed = change(bucket.objects.get(FILE) ?? '')
    if (changed === null) bucket.objects.delete(FILE)
    else bucket.objects.set(FILE, changed)
    await importRows(ROWS)
    await nextMinute()
    await nextMinute()
  }

  it.each([
    ['another status', (file: string) => file.replace('Opted out', 'Opted in')],
    [
      'another status with other delimiters',
      (file: string) => file.replace('Opted out', 'Opted in').replaceAll(',', ';'),
    ],
    ['a word of somebody else', (file: string) => file.replace('Opted out', 'subscribed')],
    ['two statuses', (file: string) => `${file}A,Person A,,Opted in,\r\n`],
  ])('a file that shows %s is a conflict, which is reported once and opts nobody in', async (_, change) => {
    await edited(change)
    await nextMinute()
    expect([await writeBack('A'), (await statuses(world)).A]).toEqual(['conflict', 'opted_out'])
    expect(mails().map(({ text }) => text)).toEqual([
      expect.stringContaining('Person A, ID A: opted out here; the source shows something else'),
    ])
  })

  it.each([
    ['is missing', () => null],
    ['is empty', () => ''],
    ['is another file', () => 'Month;Sum\n1;2\n'],
    ['lacks the person', (file: string) => file.split('\r\n').slice(0, 1).join('')],
  ])('a file that %s is written again', async (_, change) => {
    await edited(change)
    expect([listed(), mails()]).toEqual([[row('A', 'Opted out')], []])
    await importRows(ROWS)
    await nextMinute()
    expect(await writeBack('A')).toBe('confirmed')
  })

  it('a file that another program saved with the same statuses confirms them', async () => {
    await edited((file) => `\uFEFF${file.replaceAll('\r\n', '\n').replace('Opted out', '"OPTED OUT "')}`)
    expect([await writeBack('A'), bucket.objects.get(FILE)]).toEqual([
      'confirmed',
      expect.stringContaining('OPTED OUT'),
    ])
  })
})

describe('a file of opt-outs that cannot be written', () => {
  const ledger = async (id: string) => {
    const key = (await people(world)).get(id)?.key
    return (await world.api<{ items: SmsChangeView[] }>('GET', `/api/contacts/${key}/sms-changes`)).items
  }

  it('missing permission is shown with advice, retried, and given up after a day with one e-mail', async () => {
    bucket.forbidden = ['PUT']
    await text('A', 'STOP')
    await nextMinute()
    expect(await view()).toMatchObject({
      due: true,
      failure: { code: 'forbidden', advice: expect.stringContaining('s3:PutObject') },
    })
    expect(await ledger('A')).toMatchObject([{ writeBack: 'pending', failure: 'forbidden' }])
    for (let hours = 0; hours < 26; hours++) await nextMinute(60)
    expect([await writeBack('A'), (await statuses(world)).A]).toEqual(['given_up', 'opted_out'])
    expect(mails().map(({ text }) => text)).toEqual([
      expect.stringContaining('Person A, ID A: opted out here; the source could not be told for a day (forbidden)'),
    ])
    expect((await view()).due).toBe(false)
    // The next import tries again, and finds that it is allowed now.
    bucket.forbidden = []
    await importRows(ROWS)
    await nextMinute()
    expect([listed(), await writeBack('A')]).toEqual([[row('A', 'Opted out')], 'sent'])
    expect(await view()).toMatchObject({ due: false, failure: null })
  })

  it('a source that is saved after the permission was given gets its file with the next tick', async () => {
    bucket.forbidden = ['PUT']
    await text('A', 'STOP')
    await nextMinute()
    for (let hours = 0; hours < 5; hours++) await nextMinute(60)
    bucket.forbidden = []
    await nextMinute()
    expect(listed()).toEqual([])
    await world.api('PATCH', `/api/sources/${source}`, { name: 'Staff' })
    await nextMinute()
    expect([listed(), await writeBack('A')]).toEqual([[row('A', 'Opted out')], 'sent'])
  })

  it('a file that may be written and not read counts as sent', async () => {
    bucket.forbidden = ['GET']
    await text('A', 'STOP')
    await nextMinute()
    await importRows(ROWS)
    await nextMinute()
    expect([await writeBack('A'), (await view()).failure, listed()]).toEqual(['sent', null, [row('A', 'Opted out')]])
  })

  it('a disabled source gets no file until it is enabled', async () => {
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    await text('A', 'STOP')
    const before = bucket.calls.length
    await nextMinute(10)
    expect([bucket.calls.length, await ledger('A')]).toMatchObject([before, [{ failure: 'not_writable' }]])
    await world.api('PATCH', `/api/sources/${source}`, { enabled: true })
    await nextMinute(10)
    expect([listed(), await writeBack('A')]).toEqual([[row('A', 'Opted out')], 'sent'])
  })

  it('a source whose file is switched off gives up what it has not sent, and notifies its recipients', async () => {
    await text('A', 'STOP')
    await world.api('PATCH', `/api/sources/${source}`, { connection: { optOuts: null } })
    await nextMinute()
    for (let hours = 0; hours < 26; hours++) await nextMinute(60)
    await nextMinute()
    expect([await writeBack('A'), mails().length, listed()]).toEqual(['given_up', 1, []])
    expect(await view()).toEqual({ url: null, writtenAt: null, due: false, failure: null })
  })
})

describe('the settings of a file of opt-outs', () => {
  it('a new path gets the whole file within minutes, with the statuses that were set before', async () => {
    await text('A', 'STOP')
    await nextMinute()
    await world.api('PATCH', `/api/sources/${source}`, { connection: { optOuts: { path: 'new/opt-outs.csv' } } })
    await nextMinute()
    expect(bucket.objects.get('new/opt-outs.csv')).toBe(bucket.objects.get(FILE))
  })

  it.each([
    [{ optOuts: { path: SOURCE } }, 'connection.optOuts.path', 'would be imported'],
    [{ optOuts: { path: 's3://another/opt-outs.csv' } }, 'connection.optOuts.path', 'same bucket'],
    [{ optOuts: { path: 'in/' } }, 'connection.optOuts.path', 'one file'],
    [{ optOuts: { paht: 'in/a.csv' } }, 'connection.optOuts.paht', 'path'],
    [{ optOut: { path: 'in/a.csv' } }, 'connection.optOut', 'optOuts'],
  ])('%j is refused, and the field is named', async (change, path, message) => {
    const answer = await world.request('PATCH', `/api/sources/${source}`, { connection: change })
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { errors: [expect.objectContaining({ path, message: expect.stringContaining(message) })] },
    ])
  })

  it('an https source has no file of opt-outs', async () => {
    const change = { connection: { kind: 'https', url: 'https://example.org/a.csv', optOuts: { path: 'a.csv' } } }
    expect((await world.request('POST', '/api/sources', { name: 'A', ...change })).status).toBe(400)
  })

  it('a source reads back with its path and can be saved as it reads', async () => {
    const read = await world.api<SourceView>('GET', `/api/sources/${source}`)
    expect(read.connection).toMatchObject({ optOuts: { path: FILE }, secretAccessKey: null, hasSecretAccessKey: true })
    expect((await world.api<SourceView>('PATCH', `/api/sources/${source}`, read)).connection).toEqual(read.connection)
  })

  it('a test of the connection writes nothing', async () => {
    const before = bucket.calls.length
    const test = await world.api<TestView>('POST', `/api/sources/${source}/test`, {})
    expect([test.ok, bucket.calls.slice(before)]).toEqual([true, [`GET ${SOURCE}`]])
  })

  it('deleting a source with an opt-out to be written leaves nothing to be retried', async () => {
    await text('A', 'STOP')
    await world.api('DELETE', `/api/sources/${source}`)
    await nextMinute()
    await nextMinute()
    expect([mails(), (await statuses(world)).A]).toEqual([[], 'opted_out'])
    expect(await writeBack('A')).not.toBe('pending')
  })
})
