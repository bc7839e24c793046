import { csvBytes } from '../files.ts'
import type { Measured } from '../muster.ts'
import { rosterRows } from '../roster.ts'
import { median, type Scenario } from '../scenario.ts'

const ROWS = 100_000

/** Who the people of the second source are, compared with those of the first one. */
const SECOND = [
  { who: 'other people', people: { from: ROWS }, goal: 'secondOthers' },
  { who: 'the same people, same IDs', people: {}, goal: 'secondSame' },
  { who: 'the same numbers, other IDs', people: { letter: 'F' }, goal: 'secondShared' },
] as const

/** A second source beside the first one. */
export const secondSource: Scenario = {
  name: 'second',
  title: 'A second source',
  does: 'The first import of a source of 100,000, and then the first import of a second source of the same size in the same directory. Each ratio is the median of the second divided by the median of the first in the same rounds. The runtime has just started when the first one comes, which costs that one some tenths of a second.',
  async measure({ open, found, sized, seed, signal }) {
    const rounds = sized({ quick: 1, whole: 3 })
    const first = csvBytes(rosterRows(ROWS, seed, 'first'))
    for (const { who, people, goal } of SECOND) {
      const second = csvBytes(rosterRows(ROWS, seed, 'first', people))
      const firsts: number[] = []
      const seconds: number[] = []
      let warnings = 0
      for (let round = 0; round < rounds; round++) {
        signal.throwIfAborted()
        const muster = await open()
        try {
          firsts.push((await importAs(muster, 'First', first)).seconds)
          const ended = await importAs(muster, 'Second', second)
          seconds.push(ended.seconds)
          warnings = ended.counts.warnings
        } finally {
          await muster.close()
        }
      }
      found(
        { what: `${who}: first source`, value: median(firsts), unit: 's' },
        { what: `${who}: second source`, value: median(seconds), unit: 's' },
        { what: `${who}: second to first`, value: median(seconds) / median(firsts), unit: '×', goal },
        { what: `${who}: rows with warnings`, value: warnings, unit: '' },
      )
    }
  },
}

async function importAs(muster: Measured, name: string, file: Uint8Array) {
  muster.serve(name, file)
  return muster.import(await muster.source(name))
}
