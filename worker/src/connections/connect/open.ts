import { Failure } from '../../core/failure.ts'
import { headerKey } from '../../core/template.ts'
import type { Choice, Connection, ConnectionContext, Reach, WriteBack } from '../connection.ts'
import type { RecordColumn } from '../mapping.ts'
import { type RecordCell, type RecordsWanted, recordsBody } from '../records.ts'
import { type Attribute, Attributes } from './attributes.ts'
import { ConnectService, escaped, takes } from './call.ts'
import { askedSince, mayHaveChanged } from './changed.ts'
import { type AttributeValues, type ConnectContact, readContacts } from './contacts.ts'
import { readAttributes, readFilters, readSourceCodes } from './items.ts'
import type { ConnectSettings } from './schema.ts'
import { writeContact } from './write.ts'

/** Matches the operation that lists source codes, in the services that have one. */
const SOURCE_CODES = /^(get|list)?(all)?_?source_?codes?(list)?$/i

/** How many contacts a page of a search holds. */
const SEARCH_PAGE = 500
/** The longest time for changing a contact, in milliseconds. Each call has its own bounds too. */
const WRITE_WITHIN = 120_000

/** A column of the file of contacts, and its attribute in Connect. */
interface Column extends RecordColumn {
  attribute: Attribute
}

export const connect: Reach<'connect'> = { open: openConnectService, writeBack: writeToConnect }

/**
 * Connects to the contacts of one or more filters in Connect (seed: Connect integration), over its SOAP service. The
 * attribute of the contact's ID is found without a setting. Without a modified date among the attributes every contact
 * counts as changed.
 */
export function openConnectService(settings: ConnectSettings, context: ConnectionContext): Connection {
  const filters = [...new Set(settings.filterIds)]

  return {
    async open({ signal, records }) {
      const { columns, changedSince } = wanted(records)
      if (filters.length === 0) throw noFilter()
      const service = new ConnectService(settings, context, signal)
      const attributes = new Attributes(await listAttributes(service, settings), service.from)
      const mapped = columns.map((column) => ({ ...column, attribute: attributes.find(column.name) }))
      const id = contactId(attributes, settings, service.from)
      const modified = changedSince === null ? null : modifiedDate(attributes, settings)
      const table = withId(id, mapped)
      const operation = await service.need('GetFilterContacts')
      const attributesWanted = [...table.map(({ attribute }) => attribute), ...(modified === null ? [] : [modified])]
      const inFilters = (wantedHere: readonly Attribute[]) => {
        const filterIdsXml = `<filterids>${filters.map((filter) => `<id>${filter}</id>`).join('')}</filterids>`
        const given = { attributesXml: attributesXml(wantedHere), filterIdsXml }
        return readContacts(service.call(operation, given), service.from, settings)
      }

      async function* found(): AsyncGenerator<ConnectContact> {
        if (changedSince === null || settings.searchCriteria === null) {
          yield* inFilters(attributesWanted)
          return
        }
        const members = new Set<string>()
        for await (const contact of inFilters([id])) isRepeated(textOf(contact, id), members)
        const searchCriteriaXml = settings.searchCriteria.replaceAll('{since}', askedSince(changedSince))
        const search = { attributesXml: attributesXml(attributesWanted), searchCriteriaXml }
        for await (const contact of searchContacts(service, settings, search)) {
          if (members.has(textOf(contact, id))) yield contact
        }
      }

      async function* rows(): AsyncGenerator<RecordCell[]> {
        const seen = new Set<string>()
        for await (const contact of found()) {
          if (filters.length > 1 && isRepeated(textOf(contact, id), seen)) continue
          if (changedSince !== null && modified !== null) {
            if (!mayHaveChanged(textOf(contact, modified), changedSince)) continue
          }
          yield table.map((column) => cellOf(contact, column))
        }
      }

      const bounds = { from: service.from, maxBytes: context.maxBytes }
      const header = table.map(({ name }) => name)
      return { body: recordsBody(header, rows(), bounds), name: 'contacts.csv', modifiedAt: null, validator: null }
    },

    async choices(signal) {
      const service = new ConnectService(settings, context, signal)
      const all = await listAttributes(service, settings)
      return {
        choices: {
          attributes: all.map(({ name, label }) => ({ id: name, name: label })).sort(byName),
          filters: (await listFilters(service, settings)).sort(byName),
          sourceCodes: (await listSourceCodes(service, settings)).sort(byName),
        },
        chosen: filters.length > 0,
      }
    },
  }
}

/**
 * Sets an attribute of a contact in Connect; `attribute` is the name that administrators see. Setting the same value
 * again does no harm. Throws `Failure`.
 */
async function writeToConnect(
  settings: ConnectSettings,
  context: ConnectionContext,
  { contactId, attribute, value }: WriteBack,
): Promise<void> {
  const stop = new AbortController()
  const service = new ConnectService(settings, context, stop.signal)
  const timer = setTimeout(() => stop.abort(tooSlow(service.from)), WRITE_WITHIN)
  try {
    const attributes = new Attributes(await listAttributes(service, settings), service.from)
    await writeContact(service, settings, { contactId, attribute: attributes.find(attribute), value })
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Yields the contacts that the service's own search finds, in pages if the service knows pages. The search ignores
 * filters.
 */
async function* searchContacts(
  service: ConnectService,
  settings: ConnectSettings,
  search: { attributesXml: string; searchCriteriaXml: string },
): AsyncGenerator<ConnectContact> {
  const operation = await service.need('GetContacts')
  const paged = takes(operation, 'startingRecord') && takes(operation, 'endingRecord')
  const order = takes(operation, 'orderByXml') ? { orderByXml: '' } : {}
  for (let start = 1; ; start += SEARCH_PAGE) {
    const page = paged ? { startingRecord: String(start), endingRecord: String(start + SEARCH_PAGE - 1) } : {}
    let count = 0
    const pieces = service.call(operation, { ...search, ...order, ...page })
    for await (const contact of readContacts(pieces, service.from, settings)) {
      count++
      yield contact
    }
    if (!paged || count < SEARCH_PAGE) return
  }
}

async function listAttributes(service: ConnectService, settings: ConnectSettings): Promise<Attribute[]> {
  const operation = await service.need('GetAllAttributes')
  return readAttributes(await service.answer(operation, {}), service.from, settings)
}

async function listFilters(service: ConnectService, settings: ConnectSettings): Promise<Choice[]> {
  const operation = await service.find('GetAllFilters')
  return operation === null ? [] : readFilters(await service.answer(operation, {}), service.from, settings)
}

async function listSourceCodes(service: ConnectService, settings: ConnectSettings): Promise<Choice[]> {
  const [operation] = await service.matching(SOURCE_CODES)
  return operation === undefined ? [] : readSourceCodes(await service.answer(operation, {}), service.from, settings)
}

function byName(one: Choice, other: Choice): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0
}

function wanted(records: RecordsWanted | undefined): { columns: readonly RecordColumn[]; changedSince: number | null } {
  const { columns, changedSince } = records ?? { columns: null, changedSince: null }
  if (columns !== null) return { columns, changedSince }
  throw new Failure(
    'header_missing',
    'No contact field of Connect is mapped yet.',
    'Map the first name, the last name and the mobile number in the source’s settings.',
  )
}

function tooSlow(from: string): Failure {
  const seconds = WRITE_WITHIN / 1000
  return new Failure('timeout', `${from} took more than ${seconds} seconds to change a contact.`, 'It is tried again.')
}

function noFilter(): Failure {
  return new Failure(
    'not_found',
    'No filter of Connect is chosen.',
    'Enter the numeric ID of one or more filters; a test of the connection lists them.',
  )
}

/** Returns the attribute of the contact's ID: the one that the settings name, or else the one with a likely name. */
function contactId(attributes: Attributes, { contactIdAttribute }: ConnectSettings, from: string): Attribute {
  const found = contactIdAttribute === null ? attributes.contactId() : attributes.find(contactIdAttribute)
  if (found !== null) return found
  throw new Failure(
    'header_missing',
    `The contact ID was not found among the contact attributes of Connect (${from}).`,
    'Enter the name of the attribute that holds it in the source’s settings.',
  )
}

function modifiedDate(attributes: Attributes, { modifiedAttribute }: ConnectSettings): Attribute | null {
  return modifiedAttribute === null ? attributes.modified() : attributes.find(modifiedAttribute)
}

/** Puts the column of the contact's ID first. The mapping may contain it already. */
function withId(id: Attribute, columns: readonly Column[]): Column[] {
  const own = columns.find(({ attribute }) => attribute === id)
  if (own !== undefined) return [own, ...columns.filter((column) => column !== own)]
  const taken = columns.some(({ name }) => headerKey(name) === headerKey(id.label))
  return [{ name: taken ? `${id.label} (${id.name})` : id.label, list: false, attribute: id }, ...columns]
}

function attributesXml(attributes: readonly Attribute[]): string {
  const names = [...new Set(attributes.map(({ name }) => name))]
  return `<attributes>${names.map((name) => `<attribute><name>${escaped(name)}</name></attribute>`).join('')}</attributes>`
}

/** Returns whether the contact has come before, in another filter. A blank ID never counts as repeated. */
function isRepeated(id: string, seen: Set<string>): boolean {
  if (id === '' || seen.has(id)) return id !== ''
  // A text cut out of an answer keeps the whole answer in memory; a copy does not.
  seen.add(Array.from(id).join(''))
  return false
}

function textOf(contact: ConnectContact, { name }: Attribute): string {
  return contact.get(name.toLowerCase())?.values[0]?.trim() ?? ''
}

/**
 * Returns a contact's cell in a column. With Has List the cell has several values, or the display names in place of
 * codes. A single value without a display name may be a list in one text; it is later split like any list.
 */
function cellOf(contact: ConnectContact, { attribute, list }: Column): RecordCell {
  const stated: AttributeValues = contact.get(attribute.name.toLowerCase()) ?? { values: [], shown: [] }
  const shown = stated.shown.filter(isFilled)
  if (list && shown.length > 0) return shown
  const values = stated.values.filter(isFilled)
  return values.length > 1 ? values : (values[0] ?? null)
}

function isFilled(text: string): boolean {
  return text.trim() !== ''
}
