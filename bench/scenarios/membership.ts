import { csvBytes } from '../files.ts'
import { membershipRows } from '../roster.ts'
import type { Scenario } from '../scenario.ts'
import { memoryOf } from './memory.ts'

const PEOPLE = 100_000
const MEMBERSHIPS = 5

/** An export with one row for each membership, sorted by group. */
export const membership: Scenario = {
  name: 'membership',
  title: 'A membership export sorted by group',
  does: `${PEOPLE.toLocaleString('en')} people with ${MEMBERSHIPS} rows each, one for each group, in the order of the groups: no two rows of a person are next to each other.`,
  async measure({ open, found, seed }) {
    const file = csvBytes(membershipRows(PEOPLE, MEMBERSHIPS, seed))
    const took = async (watched: boolean) => {
      const muster = await open({ watched })
      try {
        muster.serve('Members', file)
        return await muster.import(await muster.source('Members'))
      } finally {
        await muster.close()
      }
    }
    const { seconds, counts } = await took(false)
    const { cost } = await took(true)
    found(
      { what: 'contacts', value: counts.added, unit: '' },
      { what: 'first import', value: seconds, unit: 's' },
      ...memoryOf('first import', cost, 'liveMembership'),
    )
  },
}
