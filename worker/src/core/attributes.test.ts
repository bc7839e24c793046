import { describe, expect, it } from 'vitest'
import { ATTRIBUTE_KEYS, ATTRIBUTES, columnOf, FILE_COLUMNS, pathOf, TEXT_KEYS } from './attributes.ts'
import { sourceSettingsSchema } from './source.ts'
import { TEMPLATE } from './template.ts'

describe('the table of attributes', () => {
  it('each attribute has a slot of its own, and the slots have no gap', () => {
    const slots = ATTRIBUTE_KEYS.map((key) => ATTRIBUTES[key].slot)
    expect(slots.toSorted((a, b) => a - b)).toEqual(slots.map((_, i) => i))
  })

  // Stored details are read by these slots: a slot never moves and is never reused.
  it('the attributes keep the slots in which directories and plans have been stored', () => {
    const paths = Object.fromEntries(ATTRIBUTE_KEYS.map((key) => [key, pathOf(key)]))
    expect(paths).toMatchObject({
      name: '$[0]',
      numbers: '$[1]',
      groups: '$[2]',
      emails: '$[3]',
      organization: '$[4]',
      title: '$[5]',
      priority: '$[6]',
      assignedUser: '$[7]',
      firstName: '$[8]',
      lastName: '$[9]',
      fields: '$[10]',
      language: '$[11]',
    })
  })

  it('each target, label and template header occurs once in the table of attributes', () => {
    for (const names of [
      FILE_COLUMNS.map(({ to }) => to),
      FILE_COLUMNS.map(({ label }) => label),
      TEMPLATE.map(({ header }) => header),
    ]) {
      expect(new Set<string>(names).size).toBe(names.length)
    }
  })

  // Seed: Understanding the import spreadsheet.
  it('the template has the columns of the seed, with a star on the optional ones', () => {
    expect(TEMPLATE.map(({ header, required }) => (required ? header : `${header}*`))).toEqual([
      'ID',
      'Name',
      'Organization Name*',
      'Title*',
      'Number',
      'Number Type',
      'Number Description*',
      'Email Address*',
      'Notification Priority*',
      'Groups',
    ])
  })
})

describe('a target of a mapping', () => {
  it('a target names a column, and the place of a number or an e-mail address', () => {
    expect(columnOf('title')).toMatchObject({ column: { to: 'title', label: 'Title' }, place: 1 })
    expect(columnOf('number')).toMatchObject({ column: { label: 'Number' }, place: 1 })
    expect(columnOf('numberType12')).toMatchObject({ column: { label: 'Number type' }, place: 12 })
    for (const target of ['title2', 'number1', 'number0', 'number100', 'shoe', 'field:title', 'toString', ''])
      expect(columnOf(target)).toBeNull()
  })

  it('the settings of a source accept every text attribute as a target', () => {
    const others = TEXT_KEYS.map((to) => ({ column: to, to }))
    const mapping = [{ column: 'Id', to: 'id' }, { column: 'Name', to: 'name' }, ...others]
    expect(sourceSettingsSchema.shape.mapping.parse(mapping)).toEqual(mapping)
    for (const twice of TEXT_KEYS) {
      const { success } = sourceSettingsSchema.shape.mapping.safeParse([...mapping, { column: 'x', to: twice }])
      expect(success).toBe(false)
    }
  })
})
