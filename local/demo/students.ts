import { connectDate } from '../../worker/src/connections/connect/changed.ts'
import type { StandInContact } from './connect/service.ts'
import { fictionalNumber, makePeople } from './people.ts'
import type { Version } from './roster.ts'

const STUDENTS = 200
const JOINING = 12
/** The first number of the students, after the rescuers' numbers and before the drivers'. */
const FIRST_NUMBER = 3080
const MAJORS = ['BIO', 'NUR', 'ART', '']
const STAGES = ['Inquiry', 'Applicant', 'Admitted', '']

/** The staff that students are assigned to, by their User ID in Connect. */
export const COUNSELORS = [
  { userId: 'mlee', name: 'Min Lee', email: 'min.lee@example.org' },
  { userId: 'rsantos', name: 'Rosa Santos', email: 'rosa.santos@example.org' },
]

/**
 * Returns the prospective students of a college. In the second week some are new and some have changed; in the third
 * half of them are missing. `changedAt` is when the version's changes were entered.
 */
export function students(version: Version, changedAt: Date): StandInContact[] {
  const people = makePeople(STUDENTS + JOINING, { prefix: 'C', seed: 44, firstNumber: FIRST_NUMBER })
  const all = people.map((person, index): StandInContact => {
    const [first = '', ...last] = person.name.split(' ')
    const joined = index >= STUDENTS
    const moved = version > 1 && index % 20 === 4
    const major = MAJORS[index % MAJORS.length] ?? ''
    return {
      contactid: String(310_000 + index),
      firstname: first,
      lastname: last.join(' '),
      // Connect has one mobile number for a contact. Two students have no readable number.
      mobile: index === 33 ? '' : index === 77 ? '604-555-01' : fictionalNumber(FIRST_NUMBER + index),
      email1: person.email,
      counselor: COUNSELORS[index % 3]?.userId ?? '',
      smsstatus: index % 17 === 5 ? 'N' : index % 3 === 0 ? '' : 'Y',
      major: index % 9 === 0 ? ['BIO', 'ART'] : major,
      stage: STAGES[(index + (moved ? 1 : 0)) % STAGES.length] ?? '',
      modifieddate: joined || moved ? connectDate(changedAt) : '05 Oct 2019 12:00 AM',
    }
  })
  if (version === 1) return all.slice(0, STUDENTS)
  return version === 2 ? all : all.slice(0, all.length / 2)
}
