import { describe, expect, it } from 'vitest'
import { listener } from '../../../../local/demo/connect/http.ts'
import { ConnectStandIn, type StandInContact } from '../../../../local/demo/connect/service.ts'
import { OTHER, USUAL } from '../../../../local/demo/connect/wsdl.ts'
import { RowReader } from '../../formats/csv/rows.ts'
import { csvRow } from '../../formats/csv-write.ts'
import { CONTEXT, connectionContract, failureOf, readText, type Stage } from '../../testing/connections/contract.ts'
import { closeEarly, httpStage, serve } from '../../testing/connections/stand-in.ts'
import type { Connection, ConnectionContext } from '../connection.ts'
import type { RecordsWanted } from '../records.ts'
import { connectDate } from './changed.ts'
import { openConnectService } from './open.ts'
import { connectSchema } from './schema.ts'

const FILTER = 70542
const NAMES = {
  columns: [
    { name: 'First Name', list: false },
    { name: 'Mobile Phone', list: false },
  ],
  changedSince: null,
}

function standIn(dialect = USUAL): ConnectStandIn {
  const service = new ConnectStandIn(dialect)
  service.attributes = [
    { name: 'contactid', label: 'Contact ID' },
    { name: 'firstname', label: 'First Name' },
    { name: 'lastname', label: 'Last Name' },
    { name: 'mobile', label: 'Mobile Phone' },
    { name: 'major', label: 'Academic Major', shown: { BIO: 'Biology', NUR: 'Nursing, BSN' } },
    { name: 'modifieddate', label: 'Modified Date' },
    { name: 'smsstatus', label: 'Text Opt-In' },
  ]
  service.filters = [
    { id: FILTER, name: 'Inquiries', has: () => true },
    { id: 70543, name: 'Applicants', has: ({ major }) => major !== undefined },
  ]
  service.sourceCodes = [{ code: 'MUSTER', name: 'Changes by Muster' }]
  return service
}

function settings(origin: string, more: Record<string, unknown> = {}) {
  const url = `${origin}/ws/bridge.asmx`
  return connectSchema.parse({
    kind: 'connect',
    url,
    clientName: 'demo-college',
    passKey: 'demo-pass-key',
    filterIds: [FILTER],
    ...more,
  })
}

async function opened(service: ConnectStandIn, more: Record<string, unknown> = {}): Promise<Connection> {
  return openConnectService(settings(await serve(listener(service)), more), CONTEXT)
}

/** Returns the rows of the file that is made of the contacts. */
async function rowsOf(connection: Connection, records: RecordsWanted = NAMES): Promise<string[][]> {
  const file = await connection.open({ signal: new AbortController().signal, since: null, records })
  if (file === 'not_modified') throw new Error('There are no versions')
  return new RowReader(',').read(await readText(file), true).batch.cells
}

/** Returns the contract's bytes as contacts. Each line `ID,Name`, the repeated header included, becomes a contact. */
function contactsOf(bytes: Uint8Array): StandInContact[] {
  const lines = new TextDecoder().decode(bytes).split('\n').slice(0, -1)
  return lines.map((line) => ({ contactid: line.split(',')[0] ?? '', firstname: line.split(',')[1] ?? '' }))
}

async function makeStage(): Promise<Stage> {
  const service = standIn()
  const answer = listener(service)
  const { origin, ...server } = await httpStage(
    (scene, request, response) => {
      if (scene.is === 'missing') {
        response.writeHead(404).end()
        return
      }
      const whole = scene.is === 'file' || request.method === 'GET'
      if (whole) return answer(request, response)
      // The contacts come last in the answer. The service sends half of them and then does what the scene says.
      const write = response.write.bind(response)
      let sent = 0
      let stopped = false
      response.write = ((chunk: string, ...rest: never[]) => {
        if (stopped) return true
        sent += chunk.length
        if (sent < 50_000) return write(chunk, ...rest)
        stopped = true
        response.end = () => response
        if (scene.is === 'truncated') closeEarly(response)
        return true
      }) as typeof response.write
      answer(request, response)
    },
    (scene) => {
      service.contacts = 'bytes' in scene ? contactsOf(scene.bytes) : []
    },
  )
  const open = (url: string, passKey: string, context: ConnectionContext): Connection => {
    const connection = openConnectService(settings(url, { passKey }), context)
    const records = { columns: [{ name: 'First Name', list: false }], changedSince: null }
    return { ...connection, open: (request) => connection.open({ ...request, records }) }
  }
  return {
    ...server,
    connect: (credentials, context) => open(origin, credentials === 'right' ? 'demo-pass-key' : 'wr0ng-k3y', context),
    nowhere: (context) => open('http://127.0.0.1:1', 'demo-pass-key', context),
    secrets: ['demo-pass-key', 'wr0ng-k3y'],
    conditional: false,
    arriving: (bytes) => {
      const rows = contactsOf(bytes).map(({ contactid, firstname }) => csvRow([String(contactid), String(firstname)]))
      return new TextEncoder().encode([csvRow(['Contact ID', 'First Name']), ...rows].join(''))
    },
  }
}

connectionContract('connect', makeStage)

describe.each([
  ['as public clients write it', USUAL],
  ['in other letters and another order', OTHER],
])('a Connect that describes itself %s', (_, dialect) => {
  it('a Connect service is called as its WSDL says', async () => {
    const service = standIn(dialect)
    service.contacts = [{ contactid: '7', firstname: 'Ana & <Zoë> “]]>”', mobile: '(604) 555-0100' }]
    const connection = await opened(service)
    expect(await rowsOf(connection)).toEqual([
      ['Contact ID', 'First Name', 'Mobile Phone'],
      ['7', 'Ana & <Zoë> “]]>”', '(604) 555-0100'],
    ])
    expect(service.calls.at(-1)?.given).toMatchObject({
      attributes:
        '<attributes><attribute><name>contactid</name></attribute><attribute><name>firstname</name></attribute>' +
        '<attribute><name>mobile</name></attribute></attributes>',
      filters: '<filterids><id>70542</id></filterids>',
    })
  })

  it('a test of Connect offers the attributes, filters and source codes to choose from', async () => {
    const connection = await opened(standIn(dialect), { filterIds: [] })
    const offered = await connection.choices?.(new AbortController().signal)
    expect(offered?.chosen).toBe(false)
    expect(offered?.choices.attributes).toContainEqual({ id: 'major', name: 'Academic Major' })
    expect(offered?.choices.filters).toEqual([
      { id: 70543, name: 'Applicants' },
      { id: 70542, name: 'Inquiries' },
    ])
    const codes = dialect === USUAL ? [{ id: 'MUSTER', name: 'Changes by Muster' }] : []
    expect(offered?.choices.sourceCodes).toEqual(codes)
  })

  it('a refusal that Connect sends with status 200 becomes a failure in words', async () => {
    const service = standIn(dialect)
    const connection = await opened(service)
    service.trouble = { is: 'text', text: 'Passkey is invalid' }
    expect(await failureOf(() => rowsOf(connection))).toMatchObject({ code: 'unauthorized', retryable: false })
    service.trouble = { is: 'error', text: 'The demo-college filter was deleted; key demo-pass-key' }
    const failure = await failureOf(() => rowsOf(connection), ['demo-pass-key'])
    expect(failure).toMatchObject({ code: 'crm_error', message: expect.stringContaining('filter was deleted') })
    service.trouble = { is: 'text', text: 'Timeout expired. Please try again.' }
    expect(await failureOf(() => rowsOf(connection))).toMatchObject({ code: 'server_error', retryable: true })
    service.trouble = { is: 'fault', text: 'Object reference not set' }
    expect(await failureOf(() => rowsOf(connection))).toMatchObject({ code: 'crm_error' })
    service.trouble = { is: 'text', text: '' }
    expect(await failureOf(() => rowsOf(connection))).toMatchObject({ code: 'crm_error' })
    service.trouble = { is: 'page' }
    expect(await failureOf(() => rowsOf(connection))).toMatchObject({ code: 'not_a_contact_file' })
    service.trouble = { is: 'truncated' }
    expect(await failureOf(() => rowsOf(connection))).toMatchObject({ code: 'truncated', retryable: true })
    service.trouble = { is: 'status', status: 503 }
    expect(await failureOf(() => rowsOf(connection))).toMatchObject({ code: 'server_error', retryable: true })
    service.trouble = { is: 'status', status: 302 }
    expect(await failureOf(() => rowsOf(connection))).toMatchObject({ code: 'redirect_refused' })
  })
})

describe('attributes', () => {
  it('attributes are named as administrators see them, and a misspelt one gets the nearest names', async () => {
    const connection = await opened(standIn())
    const typed = (name: string) => rowsOf(connection, { columns: [{ name, list: false }], changedSince: null })
    expect((await typed(' first  name '))[0]).toEqual(['Contact ID', ' first  name '])
    expect((await typed('firstname'))[0]).toEqual(['Contact ID', 'firstname'])
    const failure = await failureOf(() => typed('Frist Name'))
    expect(failure).toMatchObject({ code: 'header_missing', message: expect.stringContaining('“Frist Name”') })
    expect(failure.advice).toContain('“First Name”')
    expect((await failureOf(() => typed('Phone'))).advice).toContain('“Mobile Phone”')
  })

  it('two attributes with the same label are distinguished by their internal names', async () => {
    const service = standIn()
    service.attributes.push({ name: 'mobile2', label: 'Mobile Phone' })
    const failure = await failureOf(async () => rowsOf(await opened(service)))
    expect(failure).toMatchObject({ code: 'header_duplicate' })
    expect(failure.advice).toContain('“mobile2”')
  })

  it('an attribute with Has List may have several values, or display names instead of codes', async () => {
    const service = standIn()
    service.contacts = [
      { contactid: '1', major: ['BIO', 'NUR'] },
      { contactid: '2', major: 'NUR' },
      { contactid: '3', major: 'Art; Music' },
      { contactid: '4' },
    ]
    const majors = async (list: boolean) => {
      const rows = await rowsOf(await opened(service), {
        columns: [{ name: 'Academic Major', list }],
        changedSince: null,
      })
      return rows.slice(1).map((row) => row[1])
    }
    expect(await majors(true)).toEqual(['Biology\nNursing, BSN', 'Nursing, BSN\nNursing, BSN', 'Art; Music', ''])
    expect(await majors(false)).toEqual(['BIO\nNUR', 'NUR', 'Art; Music', ''])
  })
})

describe('contacts', () => {
  it('Muster “automatically finds the Contact ID in Connect” under any likely name, unless the settings name it', async () => {
    for (const [name, label] of [
      ['contactid', 'Contact ID'],
      ['cid', 'Contact Id'],
      ['contact_id', 'Number of the contact'],
    ] as const) {
      const service = standIn()
      service.attributes[0] = { name, label }
      service.contacts = [{ [name]: '007', firstname: 'Ana' }]
      expect(await rowsOf(await opened(service))).toEqual([
        [label, 'First Name', 'Mobile Phone'],
        ['007', 'Ana', ''],
      ])
    }
    const service = standIn()
    service.attributes[0] = { name: 'prospectnr', label: 'Prospect' }
    service.contacts = [{ prospectnr: '9', firstname: 'Ana' }]
    expect(await failureOf(async () => rowsOf(await opened(service)))).toMatchObject({ code: 'header_missing' })
    expect((await rowsOf(await opened(service, { contactIdAttribute: 'Prospect' })))[1]).toEqual(['9', 'Ana', ''])
  })

  it('the contacts of several filters come in one call, and a contact in two of them comes once', async () => {
    const service = standIn()
    service.contacts = [
      { contactid: '1', firstname: 'Ana', major: 'BIO' },
      { contactid: '2', firstname: 'Ben' },
    ]
    const rows = await rowsOf(await opened(service, { filterIds: [70542, 70543, 70542] }))
    expect(rows.slice(1).map(([id]) => id)).toEqual(['1', '2'])
    expect(service.calls.filter(({ given }) => 'filters' in given)).toHaveLength(1)
    expect(service.calls.at(-1)?.given.filters).toBe('<filterids><id>70542</id><id>70543</id></filterids>')
  })

  it('the contacts changed since a time are found by their modified date, and a doubtful date counts as changed', async () => {
    const service = standIn()
    const day = 24 * 60 * 60_000
    const since = Date.UTC(2026, 10, 20, 6)
    service.contacts = [
      { contactid: 'old', modifieddate: connectDate(new Date(since - 3 * day)) },
      { contactid: 'today', modifieddate: connectDate(new Date(since + 60_000)) },
      { contactid: 'in another zone', modifieddate: connectDate(new Date(since - 8 * 60 * 60_000)) },
      { contactid: 'some time that day', modifieddate: '20 Nov 2026 12:00 AM' },
      { contactid: 'the day before', modifieddate: '19 Nov 2026 12:00 AM' },
      { contactid: 'never', modifieddate: '' },
      { contactid: 'unreadable', modifieddate: 'yesterday' },
    ]
    const connection = await opened(service)
    const changed = await rowsOf(connection, { ...NAMES, changedSince: since })
    expect(changed[0]).toEqual(['Contact ID', 'First Name', 'Mobile Phone'])
    expect(changed.slice(1).map(([id]) => id)).toEqual([
      'today',
      'in another zone',
      'some time that day',
      'the day before',
      'never',
      'unreadable',
    ])
    expect(await rowsOf(connection)).toHaveLength(8)

    service.attributes = service.attributes.filter(({ name }) => name !== 'modifieddate')
    expect(await rowsOf(connection, { ...NAMES, changedSince: since })).toHaveLength(8)
    const named = await opened(service, { modifiedAttribute: 'Changed On' })
    expect(await failureOf(() => rowsOf(named, { ...NAMES, changedSince: since }))).toMatchObject({
      code: 'header_missing',
    })
  })
})

describe('contacts that have changed, of a service that can search', () => {
  const since = Date.UTC(2026, 10, 20, 6)
  const searchCriteria = '<searchcriteria><changedsince>{since}</changedsince></searchcriteria>'

  it('changed contacts are searched for in pages, and contacts outside of the filters are left out', async () => {
    const service = standIn()
    const recently = connectDate(new Date(since + 60_000))
    service.filters = [{ id: FILTER, name: 'Inquiries', has: ({ major }) => major === 'BIO' }]
    service.contacts = Array.from({ length: 3000 }, (_, i) => ({
      contactid: String(i),
      firstname: `Given${i}`,
      major: i % 2 === 0 ? 'BIO' : 'ART',
      modifieddate: i < 1200 ? recently : '05 Oct 2019 12:00 AM',
    }))
    const connection = await opened(service, { searchCriteria })
    const changed = await rowsOf(connection, { ...NAMES, changedSince: since })
    expect(changed.slice(1).map(([id]) => id)).toEqual(Array.from({ length: 600 }, (_, i) => String(2 * i)))
    const pages = service.calls.filter(({ operation }) => operation === 'GetContacts')
    expect(pages.map(({ given }) => [given.from, given.to])).toEqual([
      ['1', '500'],
      ['501', '1000'],
      ['1001', '1500'],
    ])
    const [members] = service.calls.filter(({ operation }) => operation === 'GetFilterContacts')
    expect(members?.given.attributes).toBe('<attributes><attribute><name>contactid</name></attribute></attributes>')
    // Without `changedSince` everything is fetched, without a search.
    expect(await rowsOf(connection)).toHaveLength(1501)
    expect(service.calls.filter(({ operation }) => operation === 'GetContacts')).toHaveLength(3)
  })

  it('a search fails if the service does not know its criteria, so that no change is missed silently', async () => {
    const connection = await opened(standIn(), { searchCriteria: '<criteria>{since}</criteria>' })
    const failure = await failureOf(() => rowsOf(connection, { ...NAMES, changedSince: since }))
    expect(failure).toMatchObject({
      code: 'crm_error',
      message: expect.stringContaining('Search criteria are invalid'),
    })
    const other = await opened(standIn(OTHER), { searchCriteria })
    expect(await failureOf(() => rowsOf(other, { ...NAMES, changedSince: since }))).toMatchObject({ code: 'crm_error' })
  })
})

describe('the web service', () => {
  it('the web service is called only at the address of the source, and never on a private network', async () => {
    const service = standIn()
    await rowsOf(await opened(service))
    expect(service.calls.length).toBeGreaterThan(0)
    const inside = openConnectService(settings('https://10.0.0.5'), { ...CONTEXT, allowLoopback: false })
    expect(await failureOf(() => rowsOf(inside))).toMatchObject({ code: 'address_refused' })
  })

  it("a page, a text and another kind of service are not taken for Connect's web service", async () => {
    const page = await serve((_, response) => void response.writeHead(200).end('<!DOCTYPE html><html></html>'))
    expect(await failureOf(() => rowsOf(openConnectService(settings(page), CONTEXT)))).toMatchObject({
      code: 'not_a_contact_file',
    })
    const text = await serve((_, response) => void response.writeHead(200).end('hello'))
    expect(await failureOf(() => rowsOf(openConnectService(settings(text), CONTEXT)))).toMatchObject({
      code: expect.any(String),
    })
    const service = standIn({ ...USUAL, operations: USUAL.operations.filter(({ does }) => does !== 'filterContacts') })
    const failure = await failureOf(async () => rowsOf(await opened(service)))
    expect(failure).toMatchObject({ code: 'crm_error', message: expect.stringContaining('GetFilterContacts') })
  })

  it('Connect is not asked for contacts before a filter and a mapping are set', async () => {
    const service = standIn()
    expect(await failureOf(async () => rowsOf(await opened(service, { filterIds: [] })))).toMatchObject({
      code: 'not_found',
    })
    const unmapped = { columns: null, changedSince: null }
    expect(await failureOf(async () => rowsOf(await opened(service), unmapped))).toMatchObject({
      code: 'header_missing',
    })
    expect(service.calls).toEqual([])
  })
})
