import { FILE_COLUMNS, type FileColumn, type HeaderWords, type Target } from '../attributes.ts'
import { LANDLINE_WORDS, MOBILE_WORDS, PAGER_WORDS, PHONE_WORDS, PLACE_WORDS } from '../values/phone-words.ts'

/** A possible meaning of a whole header, and how sure it is, from 0 to 1. */
export interface Meaning {
  to: Target
  score: number
  /** Only if the file has the other half of the name (`Name` beside `Vorname`), or only if no column is surer. */
  only?: HeaderWords[2]
}

const MEANINGS = new Map<string, Meaning[]>()
const COLUMNS: readonly FileColumn[] = FILE_COLUMNS
for (const { to, headers = [] } of COLUMNS) {
  for (const [score, phrases, only] of headers) add(phrases, { to, score, ...(only !== undefined && { only }) })
}

function add(phrases: string, meaning: Meaning): void {
  for (const phrase of phrases.split(', ')) MEANINGS.set(phrase, [...(MEANINGS.get(phrase) ?? []), meaning])
}

/** Returns the meanings of a whole phrase; empty for an unknown phrase. */
export function meaningsOf(phrase: string): readonly Meaning[] {
  return MEANINGS.get(phrase) ?? []
}

const set = (words: string) => new Set(words.split(' '))

/** Words of headers about telephone numbers, e-mail addresses and IDs. They can be combined freely. */
export const WORDS = {
  phone: PHONE_WORDS,
  mobile: MOBILE_WORDS,
  landline: LANDLINE_WORDS,
  pager: PAGER_WORDS,
  place: PLACE_WORDS,
  number: set('number numbers no nr num numero nummer n'),
  type: set('type kind typ art tipo'),
  description: set('description label note beschreibung bezeichnung descripcion'),
  phoneType: set('telefonart telefontyp phonetype numbertype'),
  email: set('email emails mail courriel correo emailadresse mailadresse emailaddress'),
  emailAddress: set('address addresses adresse direccion electronico electronique'),
  later: set('secondary second nd alternate alternative alt other additional autre otro weitere'),
  filler: set('primary main first preferred best personal private contact of the de du d la le del'),
  who: set(
    'employee emp student member membership person people personnel staff contact badge volunteer client customer participant responder mitarbeiter mitglied kunde schuler employe membre etudiant adherent empleado miembro estudiante alumno socio cliente',
  ),
  record: set('record unique external payroll reference ref account system user pers'),
  id: set('id ids identifier uuid guid identifiant identificador matricule matricula legajo'),
  code: set('code key ref reference codigo'),
} as const

/** ID numbers that German writes as one word with the person they are for: `Personalnummer`, `Mitarbeiter-Nr.`. */
export const GERMAN_ID =
  /^(?:personal|mitarbeiter|mitglieds?|matrikel|kunden|ausweis|stamm|teilnehmer) ?(?:nummer|nr|id)$/

/** Words of columns that belong to another person, or are not part of a contact although their values may look so. */
export const STOP = set(
  'emergency kin parent mother father guardian spouse partner supervisor manager boss doctor physician assistant notfall notfallkontakt vorgesetzter eltern urgence emergencia padre madre fax telefax ext extension carrier country area zip postal postcode plz street city town state province birth birthday dob date time opt optin optout consent status subscribed verified password url website created updated modified notes comment comments gender age address adresse direccion',
)
