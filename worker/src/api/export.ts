import { ATTRIBUTES, TEXT_KEYS } from '../core/attributes.ts'
import type { FieldDefinition } from '../core/field.ts'
import { headerKey, TEMPLATE } from '../core/template.ts'
import { type FieldType, fieldValueText } from '../core/values/field-type.ts'
import { listText } from '../core/values/list-text.ts'
import type { Env } from '../env.ts'
import { csvStream } from '../formats/csv-write.ts'
import { type CellValue, workbookStream } from '../formats/workbook.ts'
import { listContacts } from '../store/contact-lists.ts'
import { type ContactFilter, ContactQuery, type ListedContacts, type Place } from '../store/contact-query.ts'
import { readFields } from '../store/fields.ts'
import { groupNames } from '../store/groups.ts'
import { ROWS_A_TURN, yieldThread } from '../yield-thread.ts'
import { contactView } from './contact-view.ts'
import { filterOf, filterQuery } from './contacts.ts'
import { route } from './route.ts'
import type { ContactView } from './views/contact.ts'

/**
 * How many contacts a query reads: at first few, so that the file begins at once, and then many, since an export is one
 * invocation, for which D1 allows 1,000 queries. Fewer if their details are long.
 */
const FIRST_PAGE = 200
const LARGEST_PAGE = 5000
const LARGEST_SIZE = 4_000_000
const PRIORITIES = { high: 'High', normal: '', low: 'Low' }
/** The texts without a column in the template; their columns follow those of the template. */
const FURTHER_TEXTS = TEXT_KEYS.filter((key) => !TEMPLATE.some(({ to }) => to === key))

/**
 * The whole directory in the shape of the template, one row for each number, so that it can be imported again. The
 * other texts and the custom fields follow; an import can map them.
 */
export const exportRoutes = [
  route({
    method: 'get',
    path: '/api/contacts.csv',
    summary: 'All contacts as CSV, or those that match the filters',
    role: 'viewer',
    scope: 'directory:read',
    limited: 'handler',
    query: filterQuery,
    async handle({ env, query, actor, record }) {
      const filter = await filterOf(env, query, actor.sources)
      await record('contacts_exported', null, 'csv')
      return file(csvStream(exportedRows(env, filter)), 'contacts.csv', 'text/csv; charset=utf-8')
    },
  }),
  route({
    method: 'get',
    path: '/api/contacts.xlsx',
    summary: 'All contacts as a spreadsheet, or those that match the filters; after 1,048,576 rows on a further sheet',
    role: 'viewer',
    scope: 'directory:read',
    limited: 'handler',
    query: filterQuery,
    async handle({ env, query, actor, record }) {
      const filter = await filterOf(env, query, actor.sources)
      await record('contacts_exported', null, 'xlsx')
      const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
      return file(workbookStream([{ name: 'Contacts', rows: exportedRows(env, filter) }]), 'contacts.xlsx', type)
    },
  }),
]

/** Returns an answer that the browser saves as a file. */
export function file(body: ReadableStream, name: string, type: string): Response {
  return new Response(body, {
    headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"` },
  })
}

/** Yields the header and the rows of the contacts that match a filter, in the order of a list without `sort`. */
export async function* exportedRows(env: Env, filter: ContactFilter): AsyncGenerator<CellValue[]> {
  const fields = [...(await readFields(env)).fields.values()]
  yield headerOf(fields)
  const names = await groupNames(env)
  const query = await ContactQuery.of(env, filter)
  let count = 0
  let limit = FIRST_PAGE
  for (let from: Place | null = null; ; ) {
    const page: ListedContacts = await listContacts(env, query, { from, limit })
    for (const row of page.rows) {
      yield* contactRows(contactView(row, names), fields)
      if (++count % ROWS_A_TURN === 0) await yieldThread()
    }
    if (page.next === null) return
    from = page.next
    const mean = page.size / Math.max(1, page.rows.length)
    limit = Math.max(1, Math.min(LARGEST_PAGE, Math.floor(LARGEST_SIZE / Math.max(1, mean))))
  }
}

/** Returns the header. No two columns share a name: a field with the label of a text has its key beside its label. */
function headerOf(fields: readonly FieldDefinition[]): string[] {
  const header = [...TEMPLATE.map(({ header }) => header), ...FURTHER_TEXTS.map((key) => ATTRIBUTES[key].label)]
  const taken = new Set(header.map(headerKey))
  return [...header, ...fields.map(({ key, label }) => (taken.has(headerKey(label)) ? `${label} (${key})` : label))]
}

function* contactRows(contact: ContactView, fields: readonly FieldDefinition[]): Generator<CellValue[]> {
  const count = Math.max(1, contact.numbers.length, contact.emails.length)
  for (let i = 0; i < count; i++) {
    yield [
      ...TEMPLATE.map(({ to }) => templateCell(contact, i, to)),
      ...FURTHER_TEXTS.map((key) => contact[key] ?? ''),
      ...fields.map(({ key, type }) => fieldCell(contact.fields[key] ?? [], type)),
    ]
  }
}

/** Returns a contact's cell in a column of the template, in the row of its number and e-mail address `i`. */
function templateCell(contact: ContactView, i: number, to: (typeof TEMPLATE)[number]['to']): string {
  const number = contact.numbers[i]
  switch (to) {
    case 'number':
      if (number === undefined) return ''
      return number.extension === null ? number.number : `${number.number} x${number.extension}`
    case 'numberType':
      return number?.type ?? ''
    case 'numberDescription':
      return number?.description ?? ''
    case 'email':
      return contact.emails[i] ?? ''
    case 'priority':
      return PRIORITIES[contact.priority]
    case 'groups':
      return contact.groups.some((name) => /[,;|]/.test(name)) ? listText(contact.groups) : contact.groups.join(', ')
    default:
      return contact[to] ?? ''
  }
}

/**
 * Returns the values of a custom field as a person would type them. A number becomes a number cell, unless digits would
 * be lost.
 */
function fieldCell(values: readonly string[], type: FieldType): CellValue {
  const [only = '', ...others] = values
  if (type === 'number' && others.length === 0 && String(Number(only)) === only) return Number(only)
  return values.map((value) => fieldValueText(value, type)).join('; ')
}
