import { beforeEach, describe, expect, it } from 'vitest'
import { takeText } from '../run/sms.ts'
import { type LedgerLine, listDecisions, START } from '../store/evidence.ts'
import { clockAdvanced, numberOf, OPTED_MAPPING, optedFile, people, setSms } from '../testing/opted.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { ConsentView } from './views/consent.ts'
import type { AuditView } from './views/settings.ts'

const ANA = { id: 'ana', sms: 'Y', name: 'Ana Adams' }
const EVA = { id: 'eva', sms: '', name: '=Eva Adams', number: numberOf('ana') }
const BEN = { id: 'ben', sms: 'N', name: 'Ben Brown' }

let world: World
let source: string

beforeEach(async () => {
  world = await World.start()
  source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
})

let texts = 0
async function text(from: string, body: string): Promise<void> {
  await takeText(world.env, { id: `text ${++texts}`, from, body }, Date.now())
  await clockAdvanced()
}

async function consent(id: string, query = ''): Promise<ConsentView> {
  return world.api('GET', `/api/contacts/${(await people(world)).get(id)?.key}/consent${query}`)
}

describe('the consent of a contact', () => {
  it('a status from a file names the run, the row and the value', async () => {
    const run = await world.import(source, optedFile([ANA, BEN]))
    expect(await consent('ben')).toEqual({
      status: 'opted_out',
      current: [
        {
          id: expect.any(String),
          status: 'opted_out',
          how: 'source',
          by: 'source',
          at: expect.any(String),
          from: null,
          counts: 'contact',
          number: null,
          about: { sourceId: source, id: 'ben', name: 'Ben Brown', numbers: [numberOf('ben')], emails: [] },
          evidence: { runId: run.id, row: 3, value: 'N' },
        },
      ],
      past: [],
      next: null,
    })
  })

  it('a text is current with its words until START, and past afterwards', async () => {
    await world.import(source, optedFile([ANA]))
    await text(numberOf('ana'), 'Stop')
    const stopped = await consent('ana')
    expect(stopped).toMatchObject({
      status: 'opted_out',
      current: [
        { status: 'opted_out', how: 'text', from: numberOf('ana'), counts: 'contact', evidence: { words: 'Stop' } },
      ],
      past: [{ status: 'opted_in', how: 'source' }],
    })
    await text(numberOf('ana'), 'START')
    const started = await consent('ana')
    expect(started).toMatchObject({
      status: 'opted_in',
      current: [{ status: 'opted_in', how: 'text', evidence: { words: 'START' } }],
    })
    expect(started.past).toEqual([...stopped.current, ...stopped.past])
  })

  it('a contact that a person opts in shows the STOP of a number that another contact has, too', async () => {
    await world.import(source, optedFile([ANA, EVA]))
    await text(numberOf('ana'), 'STOP')
    await setSms(world, 'ana', 'opted_in')
    const { status, current } = await consent('ana')
    expect(status).toBe('opted_out')
    expect(current).toMatchObject([
      { status: 'opted_in', how: 'person', counts: 'contact', evidence: { reason: 'Asked for it by telephone' } },
      { status: 'opted_out', how: 'text', counts: 'shared', number: numberOf('ana'), about: { name: 'Ana Adams' } },
    ])
  })

  it('a decision about another contact tells nothing but the number that both have', async () => {
    await world.import(source, optedFile([ANA, EVA]))
    await setSms(world, 'ana', 'opted_out')
    expect(await consent('eva')).toMatchObject({
      status: 'opted_out',
      current: [{ how: 'person', counts: 'shared', number: numberOf('ana'), about: null, evidence: null }],
    })
  })

  it('a new contact with a number that has opted out shows the text', async () => {
    await text(numberOf('ana'), 'STOP')
    await world.import(source, optedFile([{ ...ANA, sms: '' }]))
    expect(await consent('ana')).toMatchObject({
      status: 'opted_out',
      current: [{ how: 'text', counts: 'number', number: numberOf('ana'), about: null, evidence: { words: 'STOP' } }],
    })
  })

  it('past decisions come page by page, and none is missing', async () => {
    await world.import(source, optedFile([ANA]))
    for (const words of ['STOP', 'START', 'STOP', 'START']) await text(numberOf('ana'), words)
    const { past } = await consent('ana')
    expect(past).toHaveLength(4)
    const first = await consent('ana', '?limit=3')
    const second = await consent('ana', `?limit=3&cursor=${first.next}`)
    expect([...first.past, ...second.past]).toEqual(past)
    expect(second.next).toBeNull()
  })

  it('a contact about which nobody has decided has no decisions', async () => {
    await world.import(source, optedFile([{ ...ANA, sms: '' }]))
    expect(await consent('ana')).toEqual({ status: 'unknown', current: [], past: [], next: null })
  })
})

describe('the ledger of decisions', () => {
  it('a row tells who decided what, about whom, how it is known, and whether it stands', async () => {
    const run = await world.import(source, optedFile([ANA, EVA, BEN]))
    await text(numberOf('ana'), 'STOP')
    await text('+16045559999', 'STOP')
    await setSms(world, 'ben', 'opted_in')
    const response = await world.request('GET', '/api/decisions.csv')
    expect(response.headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
    const [header, ...lines] = (await response.text()).trimEnd().split('\r\n')
    expect(header).toBe(
      'Decision,When,Status,How,By,Number,Source,ID,Name,Numbers,E-mails,Words,Reason,Value,Run,Row,Stands',
    )
    const ana = numberOf('ana').slice(1)
    const ben = numberOf('ben').slice(1)
    expect(lines.map((line) => line.replace(/^\d+,[\d-]+T[\d:.]+Z,/, ''))).toEqual([
      `Opted in,Source,source,,Staff,ana,Ana Adams,${ana},,,,Y,${run.id},2,no`,
      `Opted out,Source,source,,Staff,ben,Ben Brown,${ben},,,,N,${run.id},4,no`,
      `Opted out,Text,contact,${ana},Staff,ana,Ana Adams,${ana},,STOP,,,,,yes`,
      `Opted out,Text,contact,${ana},Staff,eva,'=Eva Adams,${ana},,STOP,,,,,yes`,
      'Opted out,Text,contact,16045559999,,,,,,STOP,,,,,yes',
      `Opted in,Person,admin@example.org,,Staff,ben,Ben Brown,${ben},,,Asked for it by telephone,,,,yes`,
    ])
  })

  it('no row is missing or comes twice, wherever a page of the download ends', async () => {
    await world.import(source, optedFile([ANA, EVA, BEN]))
    for (const words of ['STOP', 'START']) await text(numberOf('ana'), words)
    await text('+16045559999', 'STOP')
    const whole = await listDecisions(world.env, START, 100)
    expect(whole).toHaveLength(7)
    for (const size of [1, 2, 3]) {
      const pages: LedgerLine[] = []
      for (let page = whole; page.length > 0; pages.push(...page))
        page = await listDecisions(world.env, pages.at(-1) ?? START, size)
      expect(pages).toEqual(whole)
    }
  })

  it('a download is recorded in the audit', async () => {
    await (await world.request('GET', '/api/decisions.csv')).text()
    const { items } = await world.api<Page<AuditView>>('GET', '/api/audit')
    expect(items.map(({ action }) => action)).toContain('decisions_exported')
  })
})
