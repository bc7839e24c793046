import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  APPLICANTS,
  college,
  EVERYBODY,
  edit,
  REQUIRED_MAPPING,
  student,
} from '../../../../local/demo/connect/college.ts'
import type { ConnectStandIn } from '../../../../local/demo/connect/service.ts'
import type { Page } from '../../api/views/answer.ts'
import type { ContactView } from '../../api/views/contact.ts'
import type { ProblemView, RunView } from '../../api/views/run.ts'
import type { SourceView, TestView } from '../../api/views/source.ts'
import { collegeSource, remoteOf } from '../../testing/connect-source.ts'
import { World } from '../../testing/world.ts'

/*
 * Tests the seed “Connect Integration - Contact Import Page”, sentence by sentence and in its order.
 * `write.worker.test.ts` tests what is written to Connect, and under which source code.
 */

const DAY = 24 * 60 * 60_000

let world: World
let service: ConnectStandIn

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 2, 12) })
  world = await World.start()
  service = college()
  service.contacts = [student(1), student(2), student(3)]
  world.remote = remoteOf(service)
})

afterEach(() => {
  vi.useRealTimers()
})

async function source(more: Record<string, unknown> = {}): Promise<string> {
  return (await world.api<SourceView>('POST', '/api/sources', collegeSource(service, more))).id
}

async function importNow(id: string): Promise<RunView> {
  const started = await world.api<{ id: string }>('POST', `/api/sources/${id}/runs`, {})
  await world.drain()
  return world.run(started.id)
}

async function contacts(): Promise<Map<string, ContactView>> {
  const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
  return new Map(items.map((contact) => [contact.id, contact]))
}

async function problems(run: RunView): Promise<ProblemView[]> {
  return (await world.api<Page<ProblemView>>('GET', `/api/runs/${run.id}/problems`)).items
}

describe('Standard Fields', () => {
  it('“All fields are pulled from the contact record in Connect.”', async () => {
    expect(await importNow(await source())).toMatchObject({ status: 'succeeded', counts: { added: 3 } })
    expect((await contacts()).get('100001')).toMatchObject({
      name: 'Given1 Family1',
      firstName: 'Given1',
      lastName: 'Family1',
      numbers: [{ number: '+16045550001', type: 'mobile' }],
    })
    const asked = service.calls.at(-1)?.given.attributes
    expect(asked).toBe(
      `<attributes>${['contactid', 'firstname', 'lastname', 'mobile'].map((name) => `<attribute><name>${name}</name></attribute>`).join('')}</attributes>`,
    )
  })

  it('“We use the Connect Contact ID as the contacts unique identifier in Mongoose.”', async () => {
    const id = await source()
    await importNow(id)
    vi.setSystemTime(Date.now() + 3 * DAY)
    edit(service.contacts[0], Date.now(), { firstname: 'Anna', mobile: '6045559999' })
    expect(await importNow(id)).toMatchObject({ counts: { updated: 1, added: 0 } })
    expect([...(await contacts()).keys()].sort()).toEqual(['100001', '100002', '100003'])
    expect((await contacts()).get('100001')?.name).toBe('Anna Family1')
  })

  it('“only First Name, Last Name, and Mobile Number need to be mapped to specific fields in Connect; the integration already knows where to find Contact ID”', async () => {
    expect((await importNow(await source({ mapping: REQUIRED_MAPPING }))).counts.added).toBe(3)
    for (const missing of REQUIRED_MAPPING) {
      const mapping = REQUIRED_MAPPING.filter((entry) => entry !== missing)
      const refused = await world.request('POST', '/api/sources', collegeSource(service, { mapping }))
      expect(refused.status).toBe(400)
    }
    service.contacts = ['firstname', 'lastname', 'mobile', 'contactid'].map((blank, i) =>
      student(10 + i, { [blank]: '' }),
    )
    const run = await importNow(await source({ name: 'With blanks', limits: { errors: null } }))
    expect(run.counts).toMatchObject({ added: 0, errors: 4 })
    expect((await problems(run)).map(({ code }) => code).sort()).toEqual(
      ['first_name_blank', 'id_blank', 'last_name_blank', 'number_blank'].sort(),
    )
  })

  it('“If a contact in Connect has a blank value in the field you specify as the User Identification, Mongoose will still import that contact, but the contact will not be assigned”', async () => {
    service.contacts = [student(1, { counselor: '' }), student(2, { counselor: 'jdoe' })]
    const run = await importNow(
      await source({ mapping: [...REQUIRED_MAPPING, { column: 'Assigned Counselor', to: 'assignedUser' }] }),
    )
    expect(run.counts).toMatchObject({ added: 2, errors: 0 })
    expect((await contacts()).get('100001')?.assignedUser).toBeNull()
  })

  it('“The User Identification field looks at the actual value within the attribute in Connect, so it is important to also make sure the User ID on your Mongoose user accounts matches”', async () => {
    const jo = { email: 'jo@example.org', name: 'Jo Doe', role: 'viewer', userId: 'jdoe' }
    await world.api('POST', '/api/users', jo)
    service.contacts = [student(1, { counselor: 'jdoe' }), student(2, { counselor: 'JDoe' })]
    await importNow(
      await source({ mapping: [...REQUIRED_MAPPING, { column: 'Assigned Counselor', to: 'assignedUser' }] }),
    )
    const found = await contacts()
    const detailed = (id: string) => world.api<ContactView>('GET', `/api/contacts/${found.get(id)?.key}`)
    expect((await detailed('100001')).assignedTo).toMatchObject({ name: 'Jo Doe' })
    expect(await detailed('100002')).toMatchObject({ assignedUser: 'JDoe', assignedTo: null })
  })

  it('“You must specifically store mobile numbers in Connect on the contact record. These numbers must be in one Connect field and contain 10 digits including area code.”', async () => {
    service.contacts = [student(1, { mobile: '6045550123' }), student(2, { mobile: '5550123' })]
    const run = await importNow(await source({ limits: { errors: null } }))
    expect(run.counts).toMatchObject({ added: 1, errors: 1 })
    expect((await contacts()).get('100001')?.numbers).toEqual([
      { number: '+16045550123', type: 'mobile', description: null, extension: null },
    ])
    expect(await problems(run)).toMatchObject([{ id: '100002', column: 'Mobile Number', severity: 'error' }])
  })

  it('“Phone numbers can include dashes, parentheses, or spaces.”', async () => {
    const written = ['604-555-0123', '(604) 555 0123', ' 604 555-0123']
    service.contacts = written.map((mobile, i) => student(i, { mobile }))
    await importNow(await source())
    for (const { numbers } of (await contacts()).values()) expect(numbers[0]?.number).toBe('+16045550123')
  })
})

describe('Opt-Out Field', () => {
  const WITH_STATUS = [...REQUIRED_MAPPING, { column: 'SMS Status', to: 'smsStatus' }]
  const statuses = async () => [...(await contacts()).values()].map(({ id, sms }) => [id, sms.status]).sort()

  it('“This area allows you to specify the name of the contact field where SMS Status is stored in Connect. … You can set the specific Opted-In Value and Opted-Out Value to match how that information is stored in Connect.”', async () => {
    service.contacts = [student(1, { smsstatus: 'Text me' }), student(2, { smsstatus: 'STOP' }), student(3)]
    const smsStatus = { optedIn: 'Text me', optedOut: 'STOP', emptyMeansOptedIn: false }
    await importNow(await source({ mapping: WITH_STATUS, smsStatus }))
    expect(await statuses()).toEqual([
      ['100001', 'opted_in'],
      ['100002', 'opted_out'],
      ['100003', 'unknown'],
    ])
  })

  it('“You can also toggle whether or not an empty contact field is equivalent to an opt in.”', async () => {
    service.contacts = [student(1), student(2, { smsstatus: 'N' })]
    const smsStatus = { optedIn: 'Y', optedOut: 'N', emptyMeansOptedIn: true }
    await importNow(await source({ mapping: WITH_STATUS, smsStatus }))
    expect(await statuses()).toEqual([
      ['100001', 'opted_in'],
      ['100002', 'opted_out'],
    ])
  })

  it('“The field needs to exist on the contact record in Connect so that Mongoose can update it if a contact’s opt out status changes.”', async () => {
    service.attributes = service.attributes.filter(({ name }) => name !== 'smsstatus')
    const run = await importNow(await source({ mapping: WITH_STATUS }))
    expect(run).toMatchObject({ status: 'failed', failure: { code: 'header_missing' } })
    expect(run.failure?.message).toContain('“SMS Status”')
  })
})

describe('Additional Fields', () => {
  const MAJOR = { column: 'Academic Major', to: 'field:major', list: true }
  const makeField = (key: string, list: boolean) =>
    world.api('POST', '/api/fields', { key, label: key, type: 'text', list, required: false })

  it('“you can determine which fields on the contact record you will bring into Mongoose. The Contact Field text box is where you can enter in the name of the field/attribute you want to import”', async () => {
    await makeField('stage', false)
    service.contacts = [student(1, { stage: 'Applicant', email1: 'a@example.org' })]
    const run = await importNow(
      await source({ mapping: [...REQUIRED_MAPPING, { column: 'stage', to: 'field:stage' }] }),
    )
    expect(run.status).toBe('succeeded')
    expect((await contacts()).get('100001')).toMatchObject({ fields: { stage: ['Applicant'] }, emails: [] })

    const misspelt = await source({
      name: 'Misspelt',
      mapping: [...REQUIRED_MAPPING, { column: 'Staeg', to: 'field:stage' }],
    })
    const failed = await importNow(misspelt)
    expect(failed).toMatchObject({ status: 'failed', failure: { code: 'header_missing' } })
    expect(failed.failure?.message).toContain('“Staeg”')
    expect(failed.failure?.advice).toContain('“Stage”')
  })

  it('“If the field you are importing allows for multiple values, or would like the display name shown please enable the Has List option (marked YES).”', async () => {
    await makeField('major', true)
    service.contacts = [student(1, { major: ['BIO', 'NUR'] }), student(2, { major: 'NUR' })]
    await importNow(await source({ mapping: [...REQUIRED_MAPPING, MAJOR] }))
    const found = await contacts()
    expect(found.get('100001')?.fields).toEqual({ major: ['Biology', 'Nursing, BSN'] })
    expect(found.get('100002')?.fields).toEqual({ major: ['Nursing, BSN'] })
  })

  it('“In order for a field to appear as an option under Mongoose Field, it must first be configured on the Fields page.”', async () => {
    const refused = await world.request(
      'POST',
      '/api/sources',
      collegeSource(service, { mapping: [...REQUIRED_MAPPING, MAJOR] }),
    )
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain('major')
  })
})

describe('Criteria and Source Code', () => {
  it('“To determine which contacts are imported from Connect, create a filter to include the applicable contacts. … The integration uses the numeric filter ID from Connect”', async () => {
    service.contacts = [student(1, { major: 'BIO' }), student(2)]
    const { connection } = collegeSource(service)
    const id = await source({ connection: { ...Object(connection), filterIds: [APPLICANTS] } })
    expect((await importNow(id)).counts).toMatchObject({ matched: 1, added: 1 })
    const named = await world.request('PATCH', `/api/sources/${id}`, { connection: { filterIds: ['Applicants'] } })
    expect(named.status).toBe(400)
  })

  it('“If desired, you can add multiple filters.”', async () => {
    service.contacts = [student(1, { major: 'BIO' }), student(2), student(3, { major: 'ART' })]
    const run = await importNow(await source())
    expect(run.counts).toMatchObject({ rows: 3, matched: 3, added: 3 })
    expect(service.calls.at(-1)?.given.filters).toBe(
      `<filterids><id>${EVERYBODY}</id><id>${APPLICANTS}</id></filterids>`,
    )
  })

  it('“To note changes made by Mongoose, you need to first create a custom source code in Connect and then select it in the drop-down list.”', async () => {
    const found = await world.api<TestView>('POST', '/api/sources/test', collegeSource(service))
    expect(found).toMatchObject({
      ok: true,
      sourceCodes: [
        { id: 'MUSTER', name: 'Changes by Muster' },
        { id: 'WEB', name: 'Web form' },
      ],
      filters: [
        { id: EVERYBODY, name: 'All inquiries' },
        { id: APPLICANTS, name: 'Applicants' },
      ],
    })
    expect(found.attributes).toContainEqual({ id: 'mobile', name: 'Mobile Number' })
    expect(found.rows[0]).toEqual(['100001', 'Given1', 'Family1', '6045550001'])
    const id = await source()
    const saved = await world.api<SourceView>('GET', `/api/sources/${id}`)
    expect(saved.connection).toMatchObject({ sourceCode: 'MUSTER', passKey: null, hasPassKey: true })
  })

  it('a connection test suggests the standard fields and the opt-out field before a mapping exists', async () => {
    service.contacts = [
      student(1, { firstname: 'Ana', lastname: 'O’Brien', smsstatus: 'Opted in' }),
      student(2, { firstname: 'Bo', lastname: 'Lee', smsstatus: 'Opted out' }),
    ]
    const { columns, ok } = await world.api<TestView>('POST', '/api/sources/test', {
      ...collegeSource(service),
      mapping: null,
    })
    expect(ok).toBe(true)
    const to = new Map(columns.map(({ name, suggestion }) => [name, suggestion?.to]))
    expect(columns.find(({ name }) => name === 'SMS Status')?.suggestion).toMatchObject({
      to: 'smsStatus',
      smsStatus: { optedIn: 'Opted in', optedOut: 'Opted out' },
    })
    expect([to.get('First Name'), to.get('Last Name'), to.get('Mobile Number')]).toEqual([
      'firstName',
      'lastName',
      'number',
    ])
  })
})

describe('Nightly Import and Notification', () => {
  const NIGHTLY = { kind: 'nightly' }

  it('“any new or changed contact records in Connect will be imported into Mongoose each night between 1:00 a.m. - 4:00 a.m. Eastern Time.”', async () => {
    const id = await source({ schedule: NIGHTLY })
    await importNow(id)
    const { nextRuns, changesOnly, removal } = await world.api<SourceView>('GET', `/api/sources/${id}`)
    expect({ changesOnly, removal }).toEqual({ changesOnly: true, removal: 'keep' })
    expect(nextRuns).toHaveLength(5)
    for (const time of nextRuns) {
      const hour = new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone: 'America/New_York' })
      expect(['01', '02', '03']).toContain(hour.format(new Date(time)).padStart(2, '0'))
    }
    vi.setSystemTime(Date.parse(nextRuns[2] ?? ''))
    edit(service.contacts[1], Date.now() - 60_000, { lastname: 'Changed' })
    service.contacts.push(student(9, { modifieddate: service.contacts[1]?.modifieddate ?? '' }))
    world.now = Date.now()
    await world.tick(0)
    await world.drain()
    const [run] = (await world.api<Page<RunView>>('GET', `/api/runs?source=${id}`)).items
    expect(run).toMatchObject({ trigger: 'schedule', fetch: 'changes', counts: { rows: 2, added: 1, updated: 1 } })
  })

  it('“This is all based on the fields and filter(s) you set up in Mongoose, so it will modify/add records that match the criteria for importing.”', async () => {
    const { connection } = collegeSource(service)
    const id = await source({ connection: { ...Object(connection), filterIds: [APPLICANTS] } })
    service.contacts = [student(1, { major: 'BIO' }), student(2)]
    await importNow(id)
    vi.setSystemTime(Date.now() + 3 * DAY)
    for (const contact of service.contacts) edit(contact, Date.now(), { lastname: 'Changed', stage: 'Admitted' })
    expect((await importNow(id)).counts).toMatchObject({ matched: 1, updated: 1, added: 0, removed: 0 })
  })

  it('“The integration uses modified date in Connect to determine which contacts to import/update.”', async () => {
    const id = await source()
    await importNow(id)
    vi.setSystemTime(Date.now() + 3 * DAY)
    // A change without a new modified date is not seen until everything is fetched.
    Object.assign(service.contacts[0] ?? {}, { lastname: 'Unseen' })
    edit(service.contacts[1], Date.now(), { lastname: 'Seen' })
    expect((await importNow(id)).counts).toMatchObject({ rows: 1, updated: 1 })
    expect((await contacts()).get('100001')?.name).toBe('Given1 Family1')
  })

  it('“you can identify an email address (or multiple email addresses) that will receive a notification each time an import is completed”', async () => {
    const emails = ['admissions@example.org', 'texting@example.org']
    const id = await source({ notify: { emails } })
    await importNow(id)
    await importNow(id)
    expect(world.mails.map(({ to }) => to.join())).toEqual([...emails, ...emails])
  })

  it('“the number of contacts that fit the import criteria, the number of successfully imported contacts, and the number of contacts that encountered import errors (if applicable). Errors are specified in an attached spreadsheet.”', async () => {
    service.contacts = [student(1), student(2), student(3, { mobile: '' })]
    await importNow(await source({ notify: { emails: ['admissions@example.org'] } }))
    const [mail] = world.mails
    expect(mail?.text).toMatch(/\b3\b[^\n]*met|met[^\n]*\b3\b|criteria[^\n]*\b3\b/i)
    expect(mail?.text).toContain('Given3 Family3')
    expect(mail?.attachments.map(({ filename }) => filename)).toEqual([expect.stringMatching(/\.xlsx$/)])
  })

  it('a pass key that stops working is reported to the recipients in words that they understand', async () => {
    const id = await source({ notify: { emails: ['admissions@example.org'] }, schedule: NIGHTLY })
    service.passKey = 'another'
    expect(await importNow(id)).toMatchObject({ status: 'failed', failure: { code: 'unauthorized' } })
    const [mail] = world.mails
    expect(mail?.subject).toContain('failed')
    expect(mail?.text).toContain('did not accept the client name and the pass key')
    expect(mail?.text).not.toContain('demo-pass-key')
  })
})
