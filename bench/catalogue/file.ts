import type { MappingColumn } from '../../worker/src/core/mapping.ts'
import type { Sheet } from '../../worker/src/testing/planned-directory.ts'
import type { Person } from './people.ts'

export type Column =
  | 'id'
  | 'name'
  | 'first'
  | 'last'
  | 'organization'
  | 'title'
  | 'mobile'
  | 'mobileType'
  | 'home'
  | 'homeType'
  | 'email'
  | 'priority'
  | 'groups'
  | 'texts'

/** The columns of a list, their headers, and the mapping of its source; null if the headers are the template's. */
export interface Shape {
  columns: readonly { column: Column; header: string }[]
  mapping: MappingColumn[] | null
}

export const TEMPLATE_SHAPE: Shape = {
  columns: [
    { column: 'id', header: 'ID' },
    { column: 'name', header: 'Name' },
    { column: 'organization', header: 'Organization Name' },
    { column: 'title', header: 'Title' },
    { column: 'mobile', header: 'Number' },
    { column: 'mobileType', header: 'Number Type' },
    { column: 'home', header: 'Number 2' },
    { column: 'homeType', header: 'Number Type 2' },
    { column: 'email', header: 'Email Address' },
    { column: 'priority', header: 'Notification Priority' },
    { column: 'groups', header: 'Groups' },
  ],
  mapping: null,
}

/** The shape of a list with its own headers, names in two columns, and a column for opt-outs. */
export const OWN_SHAPE: Shape = {
  columns: [
    { column: 'id', header: 'Key' },
    { column: 'first', header: 'First' },
    { column: 'last', header: 'Last' },
    { column: 'organization', header: 'Company' },
    { column: 'title', header: 'Role' },
    { column: 'mobile', header: 'Cell' },
    { column: 'home', header: 'Home Phone' },
    { column: 'email', header: 'Mail' },
    { column: 'priority', header: 'Rank' },
    { column: 'groups', header: 'Teams' },
    { column: 'texts', header: 'Texts' },
  ],
  mapping: [
    { column: 'Key', to: 'id' },
    { column: 'First', to: 'firstName' },
    { column: 'Last', to: 'lastName' },
    { column: 'Company', to: 'organization' },
    { column: 'Role', to: 'title' },
    { column: 'Cell', to: 'number', type: 'mobile' },
    { column: 'Home Phone', to: 'number2', type: 'landline' },
    { column: 'Mail', to: 'email' },
    { column: 'Rank', to: 'priority' },
    { column: 'Teams', to: 'groups' },
    { column: 'Texts', to: 'smsStatus' },
  ],
}

/** The list of one night as it is exported, with one row for each person and without the header. */
export class ListFile {
  readonly shape: Shape
  readonly rows: readonly (readonly string[])[]

  constructor(shape: Shape, rows: readonly (readonly string[])[]) {
    this.shape = shape
    this.rows = rows
  }

  static of(shape: Shape, people: readonly Person[]): ListFile {
    return new ListFile(
      shape,
      people.map((person) => shape.columns.map(({ column }) => cellOf(person, column))),
    )
  }

  has(column: Column): boolean {
    return this.shape.columns.some((one) => one.column === column)
  }

  /** Returns the position of a column in a row. Throws if the list does not have the column. */
  at(column: Column): number {
    const index = this.shape.columns.findIndex((one) => one.column === column)
    if (index === -1) throw new Error(`This list has no column ${column}`)
    return index
  }

  cells(column: Column): string[] {
    const index = this.at(column)
    return this.rows.map((row) => row[index] ?? '')
  }

  /** Returns the list with changed cells in one column. `change` receives a cell and the position of its row. */
  change(column: Column, change: (cell: string, at: number) => string): ListFile {
    const index = this.at(column)
    return this.withRows(this.rows.map((row, at) => row.with(index, change(row[index] ?? '', at))))
  }

  withRows(rows: readonly (readonly string[])[]): ListFile {
    return new ListFile(this.shape, rows)
  }

  /** Returns the row of each ID. An ID with several rows has the last one. */
  byId(): Map<string, readonly string[]> {
    const index = this.at('id')
    return new Map(this.rows.map((row) => [row[index] ?? '', row]))
  }

  sheet(): Sheet {
    return [this.shape.columns.map(({ header }) => header), ...this.rows]
  }
}

function cellOf(person: Person, column: Column): string {
  switch (column) {
    case 'name':
      return `${person.first} ${person.last}`
    case 'mobileType':
      return person.mobile === '' ? '' : 'Mobile'
    case 'homeType':
      return person.home === '' ? '' : 'Landline'
    case 'groups':
      return person.groups.join(', ')
    default:
      return person[column]
  }
}
