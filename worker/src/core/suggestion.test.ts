import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cases } from '../testing/sample.ts'
import { sourceSettingsSchema } from './source.ts'
import { suggestColumns } from './suggestion.ts'
import { TEMPLATE } from './template.ts'

/** Returns the suggestions for a file of these headers and rows, as `target` or `target/type`. */
function suggested(header: string[], ...rows: string[][]): (string | null)[] {
  const columns = header.map((name, i) => ({ name, values: rows.map((row) => row[i] ?? '') }))
  return suggestColumns(columns, 'CA').map((found) => {
    if (found === null) return null
    return found.type === undefined ? found.to : `${found.to}/${found.type}`
  })
}

const one = (header: string, ...values: string[]) => suggested([header], ...values.map((value) => [value]))[0]

describe('suggestions from a header', () => {
  it('the headers of the template surely suggest the template’s targets', () => {
    const columns = TEMPLATE.map(({ header, example }) => ({ name: `${header}*`, values: [example] }))
    expect(suggestColumns(columns, 'CA')).toEqual(TEMPLATE.map(({ to }) => ({ to, confidence: 1 })))
  })

  it.each([
    [
      'ID',
      ['Employee no.', 'Employee #', 'Student ID', 'Matricule', 'Personalnummer', 'Número de empleado', 'N° d’employé'],
    ],
    ['firstName', ['Given name', 'FirstName', 'Prénom', 'Vorname', 'Contact first name']],
    ['lastName', ['Surname', 'LAST_NAME', 'Nom de famille', 'Nachname', 'Apellidos']],
    ['name', ['Full name', 'Name', 'Nom', 'Nombre', 'Employee name']],
    [
      'number/mobile',
      ['Mobile', 'Cell phone', 'Cellphone #', 'Work mobile', 'Handy-Nr.', 'Téléphone portable', 'Móvil'],
    ],
    ['number/landline', ['Home phone', 'Office Telephone', 'Festnetz', 'Teléfono fijo', 'Tel. dienstlich']],
    ['number/pager', ['Pager', 'Beeper number']],
    ['number', ['Phone', 'Telefon', 'Contact number', 'Rufnummer']],
    ['email', ['E-mail', 'eMail', 'Work email address', 'Courriel', 'Correo electrónico', 'E-Mail-Adresse']],
    ['organization', ['Company', 'Firma', 'Entreprise', 'Empresa']],
    ['title', ['Job title', 'Position', 'Fonction', 'Dienstgrad', 'Puesto']],
    ['groups', ['Tags', 'Team', 'Gruppen', 'Équipe', 'Etiquetas', 'Dept']],
    ['priority', ['Priority', 'Priorität', 'Priorité']],
    ['assignedUser', ['Assigned to', 'Academic Advisor', 'Case manager']],
    ['language', ['Language', 'Preferred Language', 'Lang', 'Sprache', 'Langue préférée', 'Idioma']],
    ['smsStatus', ['SMS Opt-In', 'SMS status', 'Opt-in']],
  ])('the target %s is suggested by its headers', (target, headers) => {
    for (const header of headers) expect([header, one(header)]).toEqual([header, target === 'ID' ? 'id' : target])
  })

  it('a header suggests no target if its column is not part of a contact, or belongs to another person', () => {
    const headers = [
      'Emergency contact phone',
      'Supervisor email',
      'Mother’s mobile',
      'Fax',
      'Phone extension',
      'Email opt-in',
      'Postal code',
      'Date of birth',
      'Shoe size',
    ]
    for (const header of headers) expect([header, one(header, '6045550100')]).toEqual([header, null])
  })

  it('a header suggests nothing if its values are plainly something else', () => {
    expect(one('Mobile', 'Yes', 'No')).toBe(null)
    expect(one('Number', '1', '3', '2')).toBe('id')
    expect(one('Title', 'Mr', 'Ms.', 'Dr')).toBe(null)
    expect(one('Type', 'Full-time', 'Casual')).toBe(null)
    expect(one('Phone', '6.04555E+09', '6.04556E+09')).toBe('number')
  })

  it('a vague header is less sure, and a header whose values agree is surer', () => {
    const sure = (header: string, ...values: string[]) =>
      suggestColumns([{ name: header, values }], 'CA')[0]?.confidence ?? 0
    expect(sure('Mobile')).toBeGreaterThan(sure('Ops phone'))
    expect(sure('Ops phone')).toBeGreaterThan(sure('Home'))
    expect(sure('Home', '604-555-0100')).toBeGreaterThan(sure('Home'))
  })
})

describe('suggestions from the values of a column', () => {
  it.each<[target: string | null, ...values: string[]]>([
    ['email', 'ana@example.org', 'ben@example.org', 'cy@example.org'],
    ['number', '(604) 555-0100', '(604) 555-0101', '(604) 555-0102'],
    ['numberType', 'mobile', 'Landline', 'mobile'],
    ['priority', 'High', '', 'Low', 'High'],
    ['id', 'E001', 'E002', 'E007'],
    ['name', 'Ana O’Brien', 'Ben Singh', 'Zoë de la Cruz'],
    [null, '2024-01-02', '2024-01-03', '2024-02-01'],
    [null, 'blue', 'red', 'green'],
  ])('a column without a clear header gets the target %s from its values', (target, ...values) => {
    const rows = values.map((value) => [value, '604-555-0100'])
    expect(suggested(['Column 7', 'Phone'], ...rows)[0]).toBe(target)
  })

  it('values suggest a target only if there are enough of them to rule out chance', () => {
    expect(one('Column 7', 'E001', 'E002')).toBe(null)
  })
})

describe('the suggestions for a whole file', () => {
  it('the suggestions give further numbers and e-mail addresses a place of their own', () => {
    expect(suggested(['E-mail', 'Mobile', 'Home phone', 'Pager', 'Private e-mail'])).toEqual([
      'email',
      'number/mobile',
      'number2/landline',
      'number3/pager',
      'email2',
    ])
  })

  it('the suggestions put numbers in the order of their headers, with the type and the description of each', () => {
    expect(
      suggested([
        'Phone 2 type',
        'Phone 2',
        'Phone 1',
        'Phone 1 type',
        'Phone description',
        'Secondary e-mail',
        'E-mail',
      ]),
    ).toEqual(['numberType2', 'number2', 'number', 'numberType', 'numberDescription', 'email2', 'email'])
    expect(suggested(['Phone', 'Type', 'Other phone', 'Type of phone'])).toEqual([
      'number',
      'numberType',
      'number2',
      'numberType2',
    ])
    expect(suggested(['ID', 'Phone type'])).toEqual(['id', null])
  })

  it('the suggestions have one ID, the surest', () => {
    expect(suggested(['Reference', 'Record ID', 'Student ID'])).toEqual([null, null, 'id'])
    expect(suggested(['No', 'Name'], ['1', 'Ana'], ['2', 'Ben'])).toEqual(['id', 'name'])
  })

  it('the suggestions have a name, or a first and a last name', () => {
    expect(suggested(['Full name', 'First name', 'Last name'])).toEqual([null, 'firstName', 'lastName'])
    expect(suggested(['Name', 'Vorname'], ['Müller', 'Ana'])).toEqual(['lastName', 'firstName'])
    expect(suggested(['Nom', 'Prénom'])).toEqual(['lastName', 'firstName'])
    expect(suggested(['Nombre', 'Apellidos'])).toEqual(['firstName', 'lastName'])
    expect(suggested(['Name', 'First name'], ['Ana Müller', 'Ana'])).toEqual(['name', null])
    expect(suggested(['Surname'])).toEqual(['lastName'])
    const halves = ['Name', 'First name', 'Last name']
    expect(suggested(halves, ['Ana Li', '', ''], ['Bo Day', '', ''])).toEqual(['name', null, null])
    expect(suggested(halves, ['Ana Li', 'Ana', 'Li'], ['Bo Day', '', ''])).toEqual([null, 'firstName', 'lastName'])
    expect(suggested(halves, ['', '', ''])).toEqual([null, 'firstName', 'lastName'])
  })

  it('the suggestions take a department for a group, and for the organization if there are groups', () => {
    expect(suggested(['Department', 'Company'])).toEqual(['groups', 'organization'])
    expect(suggested(['Department', 'Team', 'Tags'])).toEqual(['organization', 'groups', 'groups'])
  })

  it('the suggestions leave out columns that no mapping can name, because they have no header or share it', () => {
    expect(suggested(['Phone', ' phone*', 'E-mail', ''], ['6045550100', '', '', ''])).toEqual([
      null,
      null,
      'email',
      null,
    ])
  })

  it('the suggestions name the custom field whose label or key a column has, unless the template has a column of that name', () => {
    const fields = [
      { key: 'major', label: 'Field of study' },
      { key: 'dept', label: 'Home department' },
      { key: 'title', label: 'Honorific' },
      { key: 'unused', label: 'Shoe size' },
    ]
    const columns = ['ID', 'Name', 'FIELD_OF_STUDY', 'Dept', 'Major', 'Title'].map((name) => ({ name, values: [] }))
    expect(suggestColumns(columns, 'CA', fields).map((found) => found?.to ?? null)).toEqual([
      'id',
      'name',
      'field:major',
      'field:dept',
      null,
      'title',
    ])
  })

  it('the suggestions never contradict each other, whatever the file', () => {
    const headers = fc.constantFrom(
      ...['ID', 'Student ID', 'No', 'Name', 'Nom', 'Prénom', 'First name', 'Surname', 'Phone', 'Phone 2', 'Mobile'],
      ...['Number', 'Number 2', 'Number Type', 'Type', 'Phone 2 type', 'Phone label', 'E-mail', 'Email 3', 'Dept'],
      ...['Team', 'Title', 'Role', 'Company', 'School', 'Priority', 'Owner', 'Advisor', 'x', 'y', 'z'],
    )
    const cell = fc.constantFrom('', 'E1', 'E2', '6045550100', 'a@example.org', 'High', 'mobile', 'Ana Lee', 'Mr')
    const file = fc.array(fc.tuple(headers, fc.array(cell, { maxLength: 6 })), { minLength: 1, maxLength: 14 })
    fc.assert(
      fc.property(file, (columns) => {
        const named = columns.map(([name, values]) => ({ name, values }))
        const found = suggestColumns(named, 'CA')
        const mapping = found.flatMap((suggestion, i) => {
          if (suggestion === null) return []
          const { confidence, ...target } = suggestion
          expect(confidence).toBeGreaterThanOrEqual(0.3)
          expect(confidence).toBeLessThanOrEqual(1)
          return [{ column: named[i]?.name ?? '', ...target }]
        })
        const refused = sourceSettingsSchema.shape.mapping.safeParse(mapping).error?.issues ?? []
        const messages = refused.map(({ message }) => message)
        expect(messages.filter((message) => !/^Map /.test(message))).toEqual([])
        const names = mapping.filter(({ to }) => /^(name|firstName|lastName)$/.test(to))
        if (names.some(({ to }) => to === 'name')) expect(names).toHaveLength(1)
      }),
      { numRuns: cases(2000) },
    )
  })
})
