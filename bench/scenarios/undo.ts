import { csvBytes } from '../files.ts'
import { rosterRows } from '../roster.ts'
import type { Scenario } from '../scenario.ts'
import { memoryOf } from './memory.ts'

const ROWS = 100_000

/** An import of everything that is taken back. */
export const undo: Scenario = {
  name: 'undo',
  title: 'An undo',
  does: `The first import of ${ROWS.toLocaleString('en')} contacts is undone, and then the undo is undone.`,
  async measure({ open, found, seed }) {
    const file = csvBytes(rosterRows(ROWS, seed, 'first'))
    const took = async (watched: boolean) => {
      const muster = await open({ watched })
      try {
        muster.serve('Undone', file)
        const { id } = await muster.import(await muster.source('Undone'))
        const undone = await muster.undo(id)
        return { undone, again: await muster.undo(undone.id) }
      } finally {
        await muster.close()
      }
    }
    const { undone, again } = await took(false)
    const { undone: watched } = await took(true)
    found(
      { what: 'contacts that the undo removes', value: undone.counts.removed, unit: '' },
      { what: 'undo', value: undone.seconds, unit: 's' },
      { what: 'undo of the undo', value: again.seconds, unit: 's' },
      ...memoryOf('undo', watched.cost),
    )
  },
}
