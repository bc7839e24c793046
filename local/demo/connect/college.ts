import { connectDate } from '../../../worker/src/connections/connect/changed.ts'
import { ConnectStandIn, type StandInContact } from './service.ts'
import { type Dialect, USUAL } from './wsdl.ts'

/** The filter that has everybody, and the one that has those with a major. */
export const EVERYBODY = 70542
export const APPLICANTS = 70543

/** Long enough ago that no run of changes asks for it. */
const LONG_AGO = '05 Oct 2019 12:00 AM'

/** A college's Connect with its attributes, filters and source codes, and nobody in it yet. */
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

/** A contact last changed long ago; ten digits of a number are made from its running number. */
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

/** Changes a contact in Connect at a moment. */
export function edit(contact: StandInContact | undefined, at: number, change: StandInContact): void {
  if (contact === undefined) throw new Error('There is no such contact')
  Object.assign(contact, change, { modifieddate: connectDate(new Date(at)) })
}
