import type { ContactDetails, PackedSlot } from './contact.ts'

/**
 * How an attribute's value is built. The code loops over all attributes of the shape `text`, so one more needs only an
 * entry below and a place in `contact.ts`. Each other shape has code of its own.
 */
type Shape = 'name' | 'text' | 'numbers' | 'emails' | 'priority' | 'groups' | 'fields'

/** A column of a file. */
interface Column {
  /** The target that a mapping names. */
  to: string
  /** The label for people, if it is not the attribute's own label. */
  label?: string
  /** The column of the import template. The seed stars the headers of columns that are not required. */
  template?: { header: string; required: boolean; example: string; meaning: string }
  /** Whether a file may have several such columns, which are numbered: `number2`, `number3`. */
  numbered?: true
  /** Whether several columns of a file may have this one target. */
  several?: true
  /** Where the value may come from besides a column of its own: from columns that are joined, or from a constant. */
  from?: readonly ('columns' | 'constant')[]
  /** Whether no mapping turns its values into others. */
  asWritten?: true
  /** The headers that suggest the column, in English, French, German and Spanish, without accents or case. */
  headers?: readonly HeaderWords[]
}

/**
 * Headers, and how surely they suggest a target, from 0 to 1. `half`: only if the file has the other half of a name
 * too. `spare`: only if no other column is surer.
 */
export type HeaderWords = readonly [score: number, headers: string, only?: 'half' | 'spare']

type Attribute = {
  /**
   * The position in the stored list (`Packed`), like the number of a protobuf field: never changed and never used
   * again.
   */
  slot: PackedSlot
  label: string
  columns: readonly Column[]
} & (
  | { shape: 'text' /** Whether the contact search covers it. */; searched: boolean }
  | { shape: Exclude<Shape, 'text'> }
)

/**
 * A part of an organization is a group to send to if the file has no better one; otherwise it suggests the
 * organization.
 */
const PARTS_OF_ORGANIZATION =
  'department, department name, dept, division, unit, section, branch, abteilung, bereich, departement, service, departamento, seccion'

/** The attributes of a contact, in the order in which the pages show them. */
export const ATTRIBUTES = {
  name: {
    slot: 0,
    label: 'Name',
    shape: 'name',
    columns: [
      {
        to: 'name',
        from: ['columns'],
        template: { header: 'Name', required: true, example: 'Ana Example', meaning: 'First and last name.' },
        headers: [
          [0.95, 'name, names, full name, fullname, display name, complete name, fn'],
          [0.95, 'nom complet, nom et prenom, prenom et nom, nombre completo, nombre y apellidos, vollstandiger name'],
          [
            0.7,
            'nom, nombre, last first, first last, lastfirst, sortable name, worker, last name first name, nachname vorname, apellidos y nombre',
          ],
        ],
      },
    ],
  },
  firstName: {
    slot: 8,
    label: 'First name',
    shape: 'text',
    searched: false,
    columns: [
      {
        to: 'firstName',
        from: ['columns'],
        headers: [
          [0.95, 'first name, firstname, first, fname, given name, given names, givenname, forename, christian name'],
          [
            0.9,
            'f name, given, legal first, first nm, name first, name given, rufname, prenom usuel, prenom choisi, first name legal',
          ],
          [0.95, 'vorname, prenom, primer nombre, nombres, nombre de pila, n given'],
          [0.6, 'nombre', 'half'],
        ],
      },
    ],
  },
  lastName: {
    slot: 9,
    label: 'Last name',
    shape: 'text',
    searched: false,
    columns: [
      {
        to: 'lastName',
        from: ['columns'],
        headers: [
          [0.95, 'last name, lastname, last, lname, surname, family name, familyname, nom de famille'],
          [0.9, 'l name, last nm, legal last, name last, name family, apellido paterno, last name legal'],
          [0.95, 'nachname, familienname, zuname, apellido, apellidos, primer apellido, n family'],
          [0.5, 'name, nom', 'half'],
        ],
      },
    ],
  },
  organization: {
    slot: 4,
    label: 'Organization',
    shape: 'text',
    searched: true,
    columns: [
      {
        to: 'organization',
        from: ['columns', 'constant'],
        template: {
          header: 'Organization Name',
          required: false,
          example: 'Example Organization',
          meaning: 'The organization the contact is affiliated with.',
        },
        headers: [
          [0.95, 'organization, organisation, organization name, organisation name, org, company, company name'],
          [0.95, 'employer, agency, institution, affiliation, firma, unternehmen, betrieb, arbeitgeber'],
          [0.95, 'entreprise, societe, organisme, employeur, empresa, compania, organizacion'],
          [0.9, 'associated company, current employer, primary company, org name, associated organization'],
          [0.6, 'school, college, university, business, business name, account name, station, faculty'],
          [0.5, PARTS_OF_ORGANIZATION],
        ],
      },
    ],
  },
  title: {
    slot: 5,
    label: 'Title',
    shape: 'text',
    searched: false,
    columns: [
      {
        to: 'title',
        from: ['columns', 'constant'],
        template: { header: 'Title', required: false, example: 'Team Lead', meaning: 'Title or accreditations.' },
        headers: [
          [0.95, 'title, job title, jobtitle, job, position, position title, role, rank, occupation, designation'],
          [
            0.95,
            'business title, job role, organization title, organisation title, org title, work title, working title',
          ],
          [0.95, 'accreditation, accreditations, credentials, titre, fonction, poste, titulo, puesto, cargo'],
          [0.95, 'titel, funktion, berufsbezeichnung, beruf, dienstgrad'],
        ],
      },
    ],
  },
  numbers: {
    slot: 1,
    label: 'Numbers',
    shape: 'numbers',
    columns: [
      {
        to: 'number',
        asWritten: true,
        label: 'Number',
        numbered: true,
        template: {
          header: 'Number',
          required: true,
          example: '6045550100',
          meaning: 'Area code and local number, 10 digits.',
        },
      },
      {
        to: 'numberType',
        from: ['constant'],
        label: 'Number type',
        numbered: true,
        template: {
          header: 'Number Type',
          required: true,
          example: 'mobile',
          meaning: 'mobile, landline or pager.',
        },
      },
      {
        to: 'numberDescription',
        from: ['columns'],
        label: 'Number description',
        numbered: true,
        template: {
          header: 'Number Description',
          required: false,
          example: 'work',
          meaning: 'Tells one number from another, such as work or home.',
        },
      },
      {
        to: 'numberCountry',
        from: ['constant'],
        label: 'Number country',
        numbered: true,
        headers: [
          [
            0.95,
            'phone country, phone country code, country of phone, number country, telephone country, mobile country',
          ],
          [0.95, 'pays du telephone, telefonland, land telefon, pais del telefono, pais telefono'],
        ],
      },
    ],
  },
  emails: {
    slot: 3,
    label: 'E-mail addresses',
    shape: 'emails',
    columns: [
      {
        to: 'email',
        asWritten: true,
        label: 'E-mail address',
        numbered: true,
        several: true,
        template: {
          header: 'Email Address',
          required: false,
          example: 'ana@example.org',
          meaning: 'For notifications by e-mail.',
        },
      },
    ],
  },
  priority: {
    slot: 6,
    label: 'Priority',
    shape: 'priority',
    columns: [
      {
        to: 'priority',
        from: ['constant'],
        template: {
          header: 'Notification Priority',
          required: false,
          example: 'High',
          meaning: 'High or Low; blank is normal. High priority is called and texted first.',
        },
        headers: [[0.95, 'priority, notification priority, call priority, prio, prioritat, priorite, prioridad']],
      },
    ],
  },
  groups: {
    slot: 2,
    label: 'Groups',
    shape: 'groups',
    columns: [
      {
        to: 'groups',
        from: ['constant'],
        several: true,
        template: {
          header: 'Groups',
          required: true,
          example: 'Search, Rope',
          meaning: 'Group names, separated by commas.',
        },
        headers: [
          [0.95, 'group, groups, group name, group names, team, teams, team name, squad, squads, cohort, cohorts'],
          [0.95, 'tag, tags, label, labels, segment, segments, category, categories, distribution list, mailing list'],
          [0.95, 'gruppe, gruppen, mannschaft, schlagwort, schlagworte, schlagworter, kategorie, kategorien'],
          [
            0.95,
            'group membership, group memberships, group participation, assigned groups, user groups, notification group, groups tags, member of, notification groups, alert groups',
          ],
          [0.6, 'list, lists, list name, email list, email lists, contact list, contact lists'],
          [0.95, 'groupe, groupes, equipe, equipes, etiquette, etiquettes, categorie'],
          [0.95, 'grupo, grupos, equipo, equipos, etiqueta, etiquetas, categoria, categorias'],
          [0.6, PARTS_OF_ORGANIZATION, 'spare'],
        ],
      },
    ],
  },
  assignedUser: {
    slot: 7,
    label: 'Assigned user',
    shape: 'text',
    searched: false,
    columns: [
      {
        to: 'assignedUser',
        from: ['constant'],
        headers: [
          [0.85, 'assigned user, assigned to, user identification, record owner, contact owner, owner id, ownerid'],
          [0.85, 'staff assigned, assigned staff, assigned advisor, assigned counselor, assigned user id'],
          [0.6, 'staff id, staffid', 'spare'],
          [0.5, 'account owner'],
          [0.7, 'advisor id, adviser id, counselor id, recruiter id, coach id, case manager id'],
          [0.7, 'owner, advisor, adviser, academic advisor, counselor, counsellor, case manager, account manager'],
          [0.7, 'recruiter, coach, betreuer, bearbeiter, conseiller, asesor, responsable'],
        ],
      },
    ],
  },
  /** The language in which the contact wants to be addressed. */
  language: {
    slot: 11,
    label: 'Language',
    shape: 'text',
    searched: false,
    columns: [
      {
        to: 'language',
        from: ['constant'],
        headers: [
          [0.95, 'language, preferred language, language preference, primary language, lang, preferred lang'],
          [
            0.95,
            'sprache, bevorzugte sprache, korrespondenzsprache, langue, langue preferee, langue de correspondance',
          ],
          [0.95, 'idioma, idioma preferido, idioma de preferencia, lengua, lengua preferida'],
          [0.6, 'locale'],
        ],
      },
    ],
  },
  fields: {
    slot: 10,
    label: 'Custom fields',
    shape: 'fields',
    /** A mapping names each field by its key: `field:major`. */
    columns: [],
  },
} as const satisfies Record<keyof ContactDetails, Attribute>

export type AttributeKey = keyof typeof ATTRIBUTES
export type TextKey = {
  [K in AttributeKey]: (typeof ATTRIBUTES)[K]['shape'] extends 'text' ? K : never
}[AttributeKey]

/** The attributes in the order in which the pages show them. */
export const ATTRIBUTE_KEYS = Object.keys(ATTRIBUTES) as AttributeKey[]

/** The attributes of the shape `text`. */
export const TEXT_KEYS = ATTRIBUTE_KEYS.filter(isText)

/** The attributes of the shape `text` that the contact search covers. */
export const SEARCHED_TEXTS = TEXT_KEYS.filter((key) => ATTRIBUTES[key].searched)

/** Returns whether a name is the key of an attribute. */
export function isAttribute(name: string): name is AttributeKey {
  return Object.hasOwn(ATTRIBUTES, name)
}

/** Returns whether the value of an attribute is a text or null. */
export function isText(key: AttributeKey): key is TextKey {
  return ATTRIBUTES[key].shape === 'text'
}

/** Returns an object with the result of `make` for each attribute of the shape `text`. */
export function eachText<T>(make: (key: TextKey) => T): Record<TextKey, T> {
  return Object.fromEntries(TEXT_KEYS.map((key) => [key, make(key)])) as Record<TextKey, T>
}

/** Returns the place of an attribute in the stored list, as a JSON path for SQL. */
export function pathOf(key: AttributeKey): `$[${number}]` {
  return `$[${ATTRIBUTES[key].slot}]`
}

const ID = {
  to: 'id',
  from: ['columns'],
  asWritten: true,
  label: 'ID',
  template: {
    header: 'ID',
    required: true,
    example: 'E0000001',
    meaning: 'Identifies the contact, and must stay the same from file to file. Any text of any length.',
  },
  headers: [
    [0.95, 'external person key, person key, contact key, subscriber key, emplid, sourced id'],
    [0.7, 'staff id, staffid'],
    [0.5, 'leid'],
    [0.35, 'username, user name, netid, net id, sam account name', 'spare'],
  ],
} as const satisfies Column

/** The headers that suggest the column are read by `suggestion/sms-column.ts`, since a yes may mean an opt-out. */
const SMS_STATUS = { to: 'smsStatus', asWritten: true, label: 'SMS status' } as const satisfies Column

/** The columns that a file may have, in their order. The ID and the SMS status are not attributes. */
export const FILE_COLUMNS = [
  ID,
  ...ATTRIBUTE_KEYS.flatMap((key) =>
    ATTRIBUTES[key].columns.map((column) => ({ label: ATTRIBUTES[key].label, ...column })),
  ),
  SMS_STATUS,
]

/** The targets that a mapping can name, without their numbers and without custom fields. */
export type Target = (typeof FILE_COLUMNS)[number]['to']
export type FileColumn = Column & { to: Target; label: string }

const COLUMN_OF: ReadonlyMap<string, FileColumn> = new Map(FILE_COLUMNS.map((column) => [column.to, column]))

/**
 * Returns the column that a mapping's target names, and its number: `number2` is the second number. Returns null for a
 * custom field and for a text that is not a target.
 */
export function columnOf(target: string): { column: FileColumn; place: number } | null {
  const [, to = '', place] = /^([a-zA-Z]+)([2-9]|[1-9]\d)?$/.exec(target) ?? []
  const column = COLUMN_OF.get(to)
  if (column === undefined || (place !== undefined && column.numbered !== true)) return null
  return { column, place: Number(place ?? 1) }
}
