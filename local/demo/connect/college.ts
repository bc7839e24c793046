import { connectDate } from '../../../worker/src/connections/connect/changed.ts'
import { ConnectStandIn, type StandInContact } from './service.ts'
import { type Dialect, USUAL } from './wsdl.ts'

/** The filter that finds every contact, and the filter that finds the contacts with a major. */
export const EVERYBODY = 70542
export const APPLICANTS = 70543

/** Returns the connection of a source to the college's Connect, which answers at `url`. */
export function collegeConnection(url: string, { clientName, passKey }: { clientName: string; passKey: string }) {
  return { kind: 'connect', url, clientName, passKey, filterIds: [EVERYBODY, APPLICANTS], sourceCode: 'MUSTER' }
}

/** The mapping of the fields that a source must map. */
export const REQUIRED_MAPPING = [
  { column: 'First Name', to: 'firstName' },
  { column: 'Last Name', to: 'lastName' },
  { column: 'Mobile Number', to: 'number', type: 'mobile' },
]

/** A date so old that no run asks for changes since then. */
const LONG_AGO = '05 Oct 2019 12:00 AM'

/** Returns a college's Connect with its attributes, filters and source codes, and no contacts yet. */
export function college(dialect: Dialect = USUAL): ConnectStandIn {
  const service = new ConnectStandIn(dialect)
  service.attributes = [
    { name: 'contactid', label: 'Contact ID' },
    { name: 'firstname', label: 'First Name' },
    { name: 'lastname', label: 'Last Name' },
    { name: 'mobile', label: 'Mobile Number' },
    { name: 'email1', label: 'Email Address' },
    { name: 'counselor', label: 'Assigned Counselor' },
    { name: 'smsstatus', label: 'SMS Status' },
    { name: 'major', label: 'Academic Major', shown: { BIO: 'Biology', NUR: 'Nursing, BSN', ART: 'Fine Arts' } },
    { name: 'stage', label: 'Stage' },
    { name: 'modifieddate', label: 'Modified Date' },
  ]
  service.filters = [
    { id: EVERYBODY, name: 'All inquiries', has: () => true },
    { id: APPLICANTS, name: 'Applicants', has: ({ major }) => major !== undefined && major !== '' },
  ]
  service.sourceCodes = [
    { code: 'WEB', name: 'Web form' },
    { code: 'MUSTER', name: 'Changes by Muster' },
  ]
  return service
}

/** Returns a contact that was last changed long ago. Its ten-digit number is made from its running number. */
export function student(number: number, more: StandInContact = {}): StandInContact {
  return {
    contactid: String(100_000 + number),
    firstname: `Given${number}`,
    lastname: `Family${number}`,
    mobile: `604555${String(number % 10_000).padStart(4, '0')}`,
    modifieddate: LONG_AGO,
    ...more,
  }
}

/** Changes a contact in Connect at a given time. */
export function edit(contact: StandInContact | undefined, at: number, change: StandInContact): void {
  if (contact === undefined) throw new Error('There is no such contact')
  Object.assign(contact, change, { modifieddate: connectDate(new Date(at)) })
}
