import { csvRow } from '../../formats/csv-write.ts'

/** A row of a source's file. Numbers are E.164 or blank. */
export interface Row {
  id: string
  name: string
  mobile: string
  landline: string
  email: string
  sms: string
}

/** A change of a source's file from one import to the next. `who` and `to` pick people, numbers and names. */
export interface Edit {
  is: (typeof EDITS)[number]
  who: number
  to: number
}

export const EDITS = [
  'add',
  'remove',
  'return',
  'return with new ID',
  'rename',
  'blank name',
  'mobile',
  'landline',
  'mobile becomes landline',
  'swap numbers',
  'give number',
  'share number',
  'email',
  'sms',
  'sort by name',
  'move names up',
  'replace',
  'new ID',
  'swap IDs',
] as const

const NAMES = ['Ana Adams', 'Ben Brown', 'Cal Cole', 'Dee Drew', 'Eva Ellis', 'Fay Fox', 'Gus Gray']
const SURNAMES = ['Hill', 'Ives', 'Jones']
export const NUMBERS = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => `+1604555010${i}`)
const CELLS = ['Y', 'N', 'Y', 'N', '', 'maybe', 'STOP']

/** The file of a source. It has people who left, so that they can return, and never uses an ID of an added row twice. */
export class Roster {
  rows: Row[] = []
  gone: Row[] = []
  #ids = 0

  /** Returns a person for a new row. */
  person(id: string, name: number, mobile: number, landline: number | null, sms: string): Row {
    const full = at(NAMES, name)
    const second =
      landline === null || landline % NUMBERS.length === mobile % NUMBERS.length ? '' : at(NUMBERS, landline)
    return { id, name: full, mobile: at(NUMBERS, mobile), landline: second, email: emailOf(full), sms }
  }

  edit({ is, who, to }: Edit): void {
    const { rows } = this
    const row = rows[who % Math.max(1, rows.length)]
    const other = rows[to % Math.max(1, rows.length)]
    if (is === 'add') rows.push(this.person(this.#newId(), to + who, to, who % 3 === 0 ? who + 1 : null, 'Y'))
    if (is === 'return' || is === 'return with new ID') {
      const [back] = this.gone.splice(who % Math.max(1, this.gone.length), 1)
      if (back === undefined) return
      const taken = rows.some(({ id }) => id === back.id)
      rows.push({ ...back, id: taken || is !== 'return' ? this.#newId() : back.id })
    }
    if (row === undefined || other === undefined) return
    const free = at(NUMBERS, to)
    switch (is) {
      case 'remove':
        if (rows.length > 1) this.gone.push(...rows.splice(rows.indexOf(row), 1))
        return
      case 'rename':
        row.name = `${row.name.split(' ')[0] || 'Dee'} ${at(SURNAMES, to)}`
        return
      case 'blank name':
        // The row has an error then.
        row.name = ''
        return
      case 'mobile':
        row.mobile = to === 0 || row.landline === free ? '' : free
        return
      case 'landline':
        row.landline = to === 0 || row.mobile === free ? '' : free
        return
      case 'mobile becomes landline':
        return void Object.assign(row, { mobile: row.landline, landline: row.mobile })
      case 'swap numbers': {
        const { mobile, landline } = row
        Object.assign(row, { mobile: other.mobile, landline: other.landline })
        return void Object.assign(other, { mobile, landline })
      }
      case 'give number':
        if (row === other || row.mobile === '') return
        Object.assign(other, { mobile: row.mobile, landline: other.landline === row.mobile ? '' : other.landline })
        row.mobile = row.landline === free ? '' : free
        return
      case 'share number':
        if (row.landline !== other.mobile) row.mobile = other.mobile
        return
      case 'email':
        row.email = ['', emailOf(row.name), other.email][to % 3] ?? ''
        return
      case 'sms':
        row.sms = at(CELLS, to)
        return
      case 'sort by name': {
        // IDs that are row numbers stay where they are, and the people move.
        const people = [...rows].sort((a, b) => (a.name < b.name === (to % 2 === 0) ? -1 : 1))
        this.rows = people.map((one, i) => ({ ...one, id: rows[i]?.id ?? one.id }))
        return
      }
      case 'move names up': {
        const names = rows.map(({ name }) => name)
        for (const [i, one] of rows.entries()) one.name = names[(i + 1) % names.length] ?? one.name
        return
      }
      case 'replace':
        this.gone.push({ ...row })
        return void Object.assign(row, this.person(row.id, to, to + who, null, 'Y'))
      case 'new ID':
        row.id = this.#newId()
        return
      case 'swap IDs': {
        const { id } = row
        row.id = other.id
        other.id = id
      }
    }
  }

  #newId(): string {
    return `N${++this.#ids}`
  }
}

const HEADER = ['Key', 'Full name', 'Cell', 'Home phone', 'Mail', 'Job', 'Team', 'SMS Opt-In']

const MAPPED = [
  { column: 'Cell', to: 'number', type: 'mobile' },
  { column: 'Home phone', to: 'number2', type: 'landline' },
  { column: 'Mail', to: 'email' },
  { column: 'Job', to: 'title' },
  { column: 'Team', to: 'groups' },
  { column: 'SMS Opt-In', to: 'smsStatus' },
]
/** The mappings of a source for such a file, and for the records of a CRM. */
export const MAPPINGS = {
  file: [{ column: 'Key', to: 'id' }, { column: 'Full name', to: 'name' }, ...MAPPED],
  crm: [{ column: 'First name', to: 'firstName' }, { column: 'Last name', to: 'lastName' }, ...MAPPED],
} as const
export const SMS_VALUES = { optedIn: 'Y', optedOut: 'N' }

/**
 * Returns the file. Everybody is in the group `All`. `version` is the title of everybody, so that every import reads
 * every row, and shows by the title which rows it has applied.
 */
export function fileOf(rows: readonly Row[], version: string): string {
  const lines = rows.map((row) => [row.id, row.name, row.mobile, row.landline, row.email, version, 'All', row.sms])
  return [HEADER, ...lines].map((cells) => csvRow(cells)).join('')
}

/** Returns what a cell of the SMS column means. */
export function meaningOf(cell: string): 'opted_in' | 'opted_out' | null {
  return cell === 'Y' ? 'opted_in' : cell === 'N' || cell === 'STOP' ? 'opted_out' : null
}

export function numbersOf({ mobile, landline }: Row): string[] {
  return [mobile, landline].filter((number) => number !== '')
}

export function emailOf(name: string): string {
  return `${name.split(' ')[0]?.toLowerCase() || 'dee'}@example.org`
}

/** Returns an entry of a list, which is counted round. */
export function at<T>(list: readonly [T, ...T[]] | readonly T[], i: number): T {
  return list[i % list.length] as T
}
