/** Headers that mean one thing, without accents or case, in English, French, German and Spanish. */
const PHRASES = [
  ['name', 0.95, 'name, names, full name, fullname, display name, complete name'],
  ['name', 0.95, 'nom complet, nom et prenom, prenom et nom, nombre completo, nombre y apellidos, vollstandiger name'],
  ['name', 0.7, 'nom, nombre, last first, first last, last name first name, nachname vorname, apellidos y nombre'],
  [
    'firstName',
    0.95,
    'first name, firstname, first, fname, given name, given names, givenname, forename, christian name',
  ],
  ['firstName', 0.95, 'vorname, prenom, primer nombre, nombres, nombre de pila'],
  ['lastName', 0.95, 'last name, lastname, last, lname, surname, family name, familyname, nom de famille'],
  ['lastName', 0.95, 'nachname, familienname, zuname, apellido, apellidos, primer apellido'],
  [
    'organization',
    0.95,
    'organization, organisation, organization name, organisation name, org, company, company name',
  ],
  ['organization', 0.95, 'employer, agency, institution, affiliation, firma, unternehmen, betrieb, arbeitgeber'],
  ['organization', 0.95, 'entreprise, societe, organisme, employeur, empresa, compania, organizacion'],
  ['organization', 0.6, 'school, college, university, business, business name, account name, station, faculty'],
  ['title', 0.95, 'title, job title, jobtitle, job, position, position title, role, rank, occupation, designation'],
  ['title', 0.95, 'accreditation, accreditations, credentials, titre, fonction, poste, titulo, puesto, cargo'],
  ['title', 0.95, 'titel, funktion, berufsbezeichnung, beruf, dienstgrad'],
  ['groups', 0.95, 'group, groups, group name, group names, team, teams, team name, squad, squads, cohort, cohorts'],
  [
    'groups',
    0.95,
    'tag, tags, label, labels, segment, segments, category, categories, distribution list, mailing list',
  ],
  ['groups', 0.95, 'gruppe, gruppen, mannschaft, schlagwort, schlagworte, schlagworter, kategorie, kategorien'],
  ['groups', 0.95, 'groupe, groupes, equipe, equipes, etiquette, etiquettes, categorie'],
  ['groups', 0.95, 'grupo, grupos, equipo, equipos, etiqueta, etiquetas, categoria, categorias'],
  ['priority', 0.95, 'priority, notification priority, call priority, prio, prioritat, priorite, prioridad'],
  ['assignedUser', 0.85, 'assigned user, assigned to, user identification, record owner, contact owner'],
  [
    'assignedUser',
    0.7,
    'owner, advisor, adviser, academic advisor, counselor, counsellor, case manager, account manager',
  ],
  ['assignedUser', 0.7, 'recruiter, coach, betreuer, bearbeiter, conseiller, asesor, responsable'],
  // A column of opt-outs says the opposite: it is for the administrator to map, with its values.
  [
    'smsStatus',
    0.9,
    'sms status, sms opt in, sms optin, text opt in, text message opt in, sms consent, sms opt in status',
  ],
  ['smsStatus', 0.6, 'opt in, optin, opt in status, opted in, text consent, texting status'],
] as const

/** A part of an organization is a group to send to where the file has no better one, and else the organization. */
const PARTS_OF_ORGANIZATION =
  'department, department name, dept, division, unit, section, branch, abteilung, bereich, departement, service, departamento, seccion'

export type Single = (typeof PHRASES)[number][0]

/** What a phrase may mean, and how surely, 0 to 1. */
export interface Meaning {
  to: Single
  score: number
  /** Only beside the other half of the name (`Name` beside `Vorname`), or only where no column is a surer one. */
  only?: 'half' | 'spare'
}

const MEANINGS = new Map<string, Meaning[]>()
for (const [to, score, phrases] of PHRASES) add(phrases, { to, score })
add('name, nom', { to: 'lastName', score: 0.5, only: 'half' })
add('nombre', { to: 'firstName', score: 0.6, only: 'half' })
add(PARTS_OF_ORGANIZATION, { to: 'groups', score: 0.6, only: 'spare' })
add(PARTS_OF_ORGANIZATION, { to: 'organization', score: 0.5 })

function add(phrases: string, meaning: Meaning): void {
  for (const phrase of phrases.split(', ')) MEANINGS.set(phrase, [...(MEANINGS.get(phrase) ?? []), meaning])
}

/** What a whole phrase means; nothing where it is not known. */
export function meaningsOf(phrase: string): readonly Meaning[] {
  return MEANINGS.get(phrase) ?? []
}

const set = (words: string) => new Set(words.split(' '))

/** Words of headers about telephone numbers, e-mail addresses and IDs, which are combined freely. */
export const WORDS = {
  phone: set('phone phones telephone telephones tel telefon telefonnummer telefono telefonos rufnummer phonenumber ph'),
  mobile: set(
    'mobile mobiles mob cell cellphone cellular smartphone sms gsm handy handynummer mobil mobilnummer mobiltelefon mobilfunk natel portable cellulaire movil celular',
  ),
  landline: set('landline fixed fixe festnetz festnetznummer fijo'),
  pager: set('pager beeper buscapersonas'),
  place: set(
    'home house office work desk business daytime evening residence privat geschaftlich dienstlich buro domicile maison bureau travail casa oficina trabajo',
  ),
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

/** A number that German writes in one word with whom it is for: `Personalnummer`, `Mitarbeiter-Nr.`. */
export const GERMAN_ID =
  /^(?:personal|mitarbeiter|mitglieds?|matrikel|kunden|ausweis|stamm|teilnehmer) ?(?:nummer|nr|id)$/

/** Words of columns that are another person’s, or no part of a contact although their values may look so. */
export const STOP = set(
  'emergency kin parent mother father guardian spouse partner supervisor manager boss doctor physician assistant notfall notfallkontakt vorgesetzter eltern urgence emergencia padre madre fax telefax ext extension carrier country area zip postal postcode plz street city town state province birth birthday dob date time opt optin optout consent status subscribed verified password url website created updated modified notes comment comments gender age address adresse direccion',
)
