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

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

/** Words of headers about telephone numbers, e-mail addresses and IDs. They can be combined freely. */
export const WORDS = {
  phone: PHONE_WORDS,
  mobile: MOBILE_WORDS,
  landline: LANDLINE_WORDS,
  pager: PAGER_WORDS,
  place: new Set([...PLACE_WORDS, 'particular', 'car', 'auto']),
  number: set('number numbers no nr num numero nummer n value values'),
  type: set('type kind typ art tipo'),
  description: set('description label note beschreibung bezeichnung descripcion'),
  phoneType: set('telefonart telefontyp phonetype numbertype'),
  email: set('email emails mail courriel correo electronique emailadresse mailadresse emailaddress messagerie'),
  emailAddress: set('address addresses addr adresse direccion electronico electronique value'),
  later: set('secondary second nd alternate alternative alt other additional autre otro weitere weiteres'),
  filler: set(
    'primary first preferred pref best personal private contact registration direct line voice only text texts texting messages of for the and de des du d l la le el del de fur',
  ),
  who: set(
    'employee emp student member membership person people personnel staff contact badge volunteer client customer participant responder worker mitarbeiter mitglied kunde schuler employe membre etudiant adherent empleado miembro estudiante alumno socio cliente',
  ),
  record: set(
    'record unique external payroll reference ref system user pers sis loader sourced source universal campus',
  ),
  id: set(
    'id ids identifier uuid guid uid euid objectid emplid sourcedid identifiant identificador matricule matricula legajo',
  ),
  code: set('code key ref reference codigo'),
} as const satisfies Record<string, ReadonlySet<string>>

/** ID numbers that German writes as one word with the person they are for: `Personalnummer`, `Mitarbeiter-Nr.`. */
export const GERMAN_ID =
  /^(?:personal|mitarbeiter|mitglieds?|matrikel|kunden|ausweis|stamm|teilnehmer) ?(?:nummer|nr|id)$/

/** Words of a question, as a form asks it, and of notes for who fills it in. They say nothing about the column. */
export const NOISE = set(
  'what is are your you my please enter provide give which would like to do does a an in at we can us with required optional mandatory any this that',
)

/** Words for a person who is not the contact, and for something that is no person. */
const OTHERS = `
  emergency emerg emer ice kin nok parent parents mother mothers mom mum father fathers dad guardian guardians grandparent carer
  caregiver reports reporting spouse partner husband wife sibling child children supervisor supervisors supervisory manager managers boss doctor physician
  assistant assistants asst secretary referred referee relation related relationship agent agents head sponsor witness
  notfall notfallkontakt vorgesetzter vorgesetzten vorgesetzte eltern mutter vater assistent assistenz assistentin
  urgence assistante parente mere pere conjoint emergencia padre madre padres ayudante asistente conyuge
  account associated orgs household family school schools organisations course class section site location locations branch project
  campaign order transaction invoice event device card vehicle government national passport tax ssn sin licence license
  landlord employer referrer buyer purchaser payer hr billing shipping insurance sso integration authentication provider`

/** Words of columns that are not part of a contact although their values may look so. */
const NOTHING = `
  fax faxes faxnummer telefax telecopie telecopieur facsimile telex isdn callback tty tdd switchboard centralita zentrale
  standard reception accueil main ext extension carrier area country iso zip zipcode postal postcode postleitzahl plz cp
  street strasse rue calle city town ort ville state province region county latitude lat longitude long lng lon geo gps
  gmtoff timezone tz birth birthday bday birthdate dob geburtstag geburtsdatum naissance nacimiento cumpleanos anniversary
  date datum fecha time timestamp year month day hire start completion join joined opt optin optout opted out consent
  permission status subscribed unsubscribed subscription subscriptions verified confirm confirmed password recovery url
  website web page created create updated update modified modify changed change deleted notes note notizen notas
  comment comments gender sex age address addresses addr adresse direccion photo image avatar rating score count amount total balance
  salary revenue ip latlong display displayed screen nick nickname middle maiden former previous phonetic yomi prefix suffix
  salutation initial initials anrede tratamiento titre angezeigter pantalla tag principal login domain host marketing bulk
  unsubscribe lists list format bounce bounced grade grades term program programs blood cost center custom mileage hobby
  by ipaddress longitud latitud reason method level toll hotline conference voicemail hours points gpa seq sequence row batch
  room locker jersey house apartment apt floor seat radio`

/** Words whose columns get no suggestion, unless the whole header means something. */
export const STOP: ReadonlySet<string> = set(OTHERS + NOTHING)

/** Words for a user who looks after the contact. Their names are the assigned user; their telephones and e-mails are not the contact’s. */
export const STAFF = set(
  'advisor advisors adviser counselor counsellor coach recruiter teacher instructor tutor owner betreuer bearbeiter conseiller asesor',
)

/** Words of what has an ID, a number or a code and is no person. */
export const THINGS = set(
  'company department dept org organization organisation team group major minor item product vendor job position role unit division business list cat category label tag state district',
)

/** Words of headers that are written together: `MOBILEPHONE`. Short ones only count at the end of a word. */
const GLUE = 'has not called call does family given room legal business'
const VOCABULARY = new Set([
  ...[...MEANINGS.keys()].flatMap((phrase) => phrase.split(' ')),
  ...Object.values(WORDS).flatMap((words) => [...words]),
  ...STOP,
  ...set(GLUE),
])
const SHORTEST = 3
const SHORT = set('id no nr of by is do to')
/** The longest word that is taken apart, in characters. */
const LONGEST = 40

/** Returns the words that a word is made of, as few as possible; the word itself if it is not made of known ones. */
export function partsOf(word: string): string[] {
  if (word.length > LONGEST || word.length <= SHORTEST || VOCABULARY.has(word)) return [word]
  /** By position: the fewest known words that end there. */
  const best: (string[] | null)[] = [[]]
  for (let end = 1; end <= word.length; end++) {
    let found: string[] | null = null
    for (let start = 0; start < end; start++) {
      const before = best[start] ?? null
      const part = word.slice(start, end)
      const isKnown = part.length >= SHORTEST ? VOCABULARY.has(part) : start > 0 && SHORT.has(part)
      if (before === null || !isKnown) continue
      if (found === null || before.length + 1 < found.length) found = [...before, part]
    }
    best[end] = found
  }
  return best[word.length] ?? [word]
}
