import { describe, expect, it } from 'vitest'
import type { RunView } from '../api/views/run.ts'
import { STALE_AFTER } from '../store/runs.ts'
import { OPTED_MAPPING, optedFile } from '../testing/opted.ts'
import { crowd, csvOf, type Person } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const reader = { limits: NO_LIMITS, notify: { emails: ['a@example.org'], when: 'always' } }

async function start(settings: Record<string, unknown> = {}) {
  const world = await World.start()
  const source = await world.source({ ...reader, ...settings })
  return { world, source }
}

const lastText = (world: World) => world.mails.at(-1)?.text ?? ''

/** Fails unless the figures in an e-mail add up and are those of the run. Returns the lines of the e-mail. */
function insistOnSum(text: string, { figures, counts }: RunView): string[] {
  const of = (label: string) =>
    Number(new RegExp(`^${label}[^:]*: ([\\d,]+)`, 'm').exec(text)?.[1]?.replace(',', '') ?? 0)
  const [met, imported, waiting] = [
    of('Contacts that met the criteria'),
    of('Imported'),
    of('Waiting: ') || of('Waiting'),
  ]
  const [left, withErrors] = [of('Not imported, because (?!of errors)'), of('Not imported, because of errors')]
  expect([met, imported, waiting, left, withErrors]).toEqual([
    figures.met,
    figures.imported,
    figures.waiting,
    figures.left,
    figures.withErrors,
  ])
  expect(imported + waiting + left + withErrors).toBe(met)
  expect(counts.matched).toBe(met)
  return text.split('\n')
}

describe('the figures of a report', () => {
  it('the figures of a report add up, and rows that are no contact are counted apart', async () => {
    const { world, source } = await start()
    await world.import(source, csvOf(crowd(6)))
    const people = [...crowd(4), { ID: 'P005', Number: '12' }, { ID: 'NEW' }]
    const run = await world.import(source, `${csvOf(people)}Total,6\r\n`)
    expect(run.counts).toMatchObject({ rows: 7, leftOut: 1, matched: 6, contactsWithErrors: 1, removed: 1 })
    expect(world.mails.at(-1)?.subject).toBe('Staff: 1 added, 1 removed, 1 row to fix')
    // As the pages call it.
    expect(world.mails.map(({ html }) => html.includes('Rows with problems'))).toEqual([false, true])
    expect(insistOnSum(lastText(world), run)).toEqual(
      expect.arrayContaining([
        'Contacts that met the criteria: 6',
        'Imported: 5 (added 1, updated 0, unchanged 4)',
        'Not imported, because of errors: 1',
        'Removed: 1',
        'Rows left out: no contact, such as a total, or left out by a rule of the source: 1',
      ]),
    )
  })

  it('several rows of one contact with errors are one contact, and rows without an ID are none', async () => {
    const { world, source } = await start()
    await world.import(source, csvOf(crowd(6)))
    const twice: Person[] = [
      { ID: 'P001', Title: 'Lead' },
      { ID: 'P001', Title: 'Cook' },
    ]
    const enormous = { ID: 'P002', Title: 'x'.repeat(263_000) }
    const nameless = { ID: '#N/A', Number: '6045550199' }
    const run = await world.import(
      source,
      csvOf([...twice, enormous, ...crowd(5).slice(2), nameless, { ...nameless, ID: '' }]),
    )
    expect(run.counts).toMatchObject({ matched: 5, contactsWithErrors: 2, errors: 5, withoutId: 2, removed: 1 })
    expect(insistOnSum(lastText(world), run)).toEqual(
      expect.arrayContaining([
        'Contacts that met the criteria: 5',
        'Imported: 3 (added 0, updated 0, unchanged 3)',
        'Not imported, because of errors: 2',
        'Rows with errors: 5 (2 of them without an ID that can be read)',
      ]),
    )
  })

  it('missing contacts that a row with an error may be are protected, and named apart', async () => {
    const { world, source } = await start()
    await world.import(source, csvOf([...crowd(4), { ID: '0012' }, { ID: 'other', Number: '6045550177' }]))
    const run = await world.import(source, csvOf([...crowd(3), { ID: '12' }, { ID: '', Number: '6045550177' }]))
    expect(run.counts).toMatchObject({ matched: 4, unchanged: 3, contactsWithErrors: 1, removed: 1, protected: 2 })
    expect(insistOnSum(lastText(world), run)).toContain(
      'Missing but not removed, because a row with an error may be theirs: 2',
    )
  })

  it('a contact with an error whose opt-out is taken counts as one with errors, and the opt-out is named apart', async () => {
    const { world, source } = await start(OPTED_MAPPING)
    const crew = ['a', 'b', 'c'].map((id) => ({ id, sms: 'Y' }))
    await world.import(source, optedFile(crew))
    const out = [
      { id: 'a', sms: 'N', name: '' },
      { id: 'b', sms: 'N' },
      { id: 'c', sms: 'Y' },
    ]
    const run = await world.import(source, optedFile(out))
    expect(run.counts).toMatchObject({ updated: 1, unchanged: 1, contactsWithErrors: 1, optOuts: 2 })
    expect(insistOnSum(lastText(world), run)).toContain('Opted out by the source: 2')
  })

  it('a file that has nothing new has the same sum as the import before, even if that was rejected or undone', async () => {
    const { world, source } = await start({ limits: { changed: { percent: 0, atLeast: 1 } } })
    const first = csvOf([{ ID: 'P001', Title: 'Cook' }, ...crowd(5).slice(1), { ID: 'bad', Number: '12' }])
    await world.import(source, first)
    expect(await world.import(source, first)).toMatchObject({ status: 'unchanged' })
    expect(world.mails.at(-1)?.subject).toBe('Staff: nothing new, 1 row to fix')
    const held = await world.import(source, csvOf([{ ID: 'P001', Title: 'Lead' }, ...crowd(5).slice(1), { ID: 'bad' }]))
    insistOnSum(lastText(world), held)
    await world.api('POST', `/api/runs/${held.id}/reject`)
    const { id } = await (await world.request('POST', `/api/sources/${source}/runs`, {}, 'system')).json<{
      id: string
    }>()
    await world.drain()
    const { status, counts, figures } = await world.run(id)
    expect(status).toBe('unchanged')
    expect(counts).toMatchObject({ matched: 6, added: 0, updated: 0, unchanged: 6 })
    expect(figures).toMatchObject({ met: 6, imported: 6, left: 0, withErrors: 0 })
    expect(lastText(world).split('\n')).toEqual(
      expect.arrayContaining(['Contacts that met the criteria: 6', 'Unchanged since the last time: 6']),
    )
  })

  it('an import that fails half-way says how many contacts it did not reach', async () => {
    const { world, source } = await start()
    await world.import(source, csvOf(crowd(3)))
    world.env.PLAN_CHUNK = 300
    world.remote = csvOf([...crowd(3), ...crowd(60, {}, 'N'), { ID: 'bad', Number: '12' }])
    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
    let next = world.messages.shift()
    for (; next?.step.step !== 'apply'; next = world.messages.shift())
      if (next !== undefined) await world.deliver(next.step)
    // Each attempt lives longer than the one before, until one has added somebody.
    for (let call = 1; (await world.run(id)).applied.added === 0; call++) {
      world.faults.crashAt(call, 'after')
      await world.deliver(next.step)
      world.faults.restart()
      world.passTime(STALE_AFTER)
    }
    await world.deliver(next.step, 'muster-dead-letters')
    await world.drain()
    const run = await world.run(id)
    expect(run).toMatchObject({ status: 'failed', figures: { met: 64, waiting: 0, withErrors: 1 } })
    expect(run.figures.left).toBeGreaterThan(0)
    expect(run.applied.added).toBeGreaterThan(0)
    expect(insistOnSum(lastText(world), run)).toContain(
      `Not imported, because the import failed: ${60 - run.applied.added}`,
    )
  })

  it('an undo reports what it brought back, changed back and removed, and has no criteria', async () => {
    const { world, source } = await start()
    await world.import(source, csvOf(crowd(6)))
    const run = await world.import(source, csvOf([{ ID: 'P001', Title: 'Lead' }, ...crowd(4).slice(1), { ID: 'new' }]))
    const { id } = await world.api<{ id: string }>('POST', `/api/runs/${run.id}/undo`)
    await world.drain()
    const { counts, figures } = await world.run(id)
    expect(counts).toMatchObject({ matched: 3, added: 2, updated: 1, removed: 1, unchanged: 0 })
    expect(figures).toMatchObject({ met: 3, imported: 3, left: 0 })
    expect(world.mails.at(-1)?.subject).toBe('Staff: import undone, 2 added, 1 changed, 1 removed')
    expect(lastText(world)).toContain('Brought back: 2\nChanged back: 1\nRemoved again: 1\n')
    expect(lastText(world)).not.toContain('criteria')
  })
})

it('the errors of a report come before its warnings, however many these are', async () => {
  const { world, source } = await start()
  const odd = crowd(150, { 'Email Address': 'not an e-mail' })
  await world.import(source, csvOf([...odd, { ID: 'bad', Name: 'Bo Bad', Number: '12' }]))
  const lines = lastText(world).split('\n')
  const at = lines.indexOf('Problems')
  expect(lines.slice(at + 1, at + 3)).toEqual([
    '- 1 number is too short, in “Number”',
    expect.stringMatching(/Bo Bad: 12$/),
  ])
  expect(lastText(world)).toContain('- (warning) 150 values are not e-mail addresses')
  expect(lastText(world)).toContain('and 125 more')
})

it('the e-mail about removals that wait says why the file is in doubt', async () => {
  const { world, source } = await start()
  await world.import(source, csvOf(crowd(6)))
  const run = await world.import(source, `${csvOf(crowd(4))}PHP Fatal error: Out of memory\n`)
  expect(run).toMatchObject({ status: 'held', counts: { removed: 2 } })
  expect(lastText(world)).toMatch(/may have been cut off after row 5: .* such as an error message/)
})

it('the e-mail about an opt-out and a change that waits counts the opt-out once', async () => {
  const { world, source } = await start({ ...OPTED_MAPPING, limits: { changed: { percent: 0, atLeast: 1 } } })
  const crew = ['a', 'b', 'c'].map((id) => ({ id, sms: 'Y', title: 'Cook' }))
  await world.import(source, optedFile(crew))
  const run = await world.import(
    source,
    optedFile([
      { id: 'a', sms: 'N', title: 'Cook' },
      { id: 'b', sms: 'Y', title: 'Lead' },
      { id: 'c', sms: 'Y', title: 'Cook' },
    ]),
  )
  expect(run.status).toBe('held')
  insistOnSum(lastText(world), run)
  expect(lastText(world)).toContain('This has been imported already: 1 opt-out.\nThis waits: 1 to change.')
})
