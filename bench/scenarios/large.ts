import { csvBytes } from '../files.ts'
import type { Measured } from '../muster.ts'
import { rosterRows } from '../roster.ts'
import { median, type Scenario } from '../scenario.ts'
import { memoryOf } from './memory.ts'

const LARGE = 1_000_000
const SMALL = 100
/** How many small sources there are. */
const SOURCES = 10

/** A million contacts, and then a million more with the same numbers, beside small sources. */
export const large: Scenario = {
  name: 'large',
  title: 'A million contacts, and a million shared numbers',
  does: `${SOURCES} sources of ${SMALL} contacts each are imported, and changed; a source of a million contacts is imported and observed; the small ones change again; a night of the large source; a second source is imported, whose million people have the numbers of the first million under other IDs; it is undone. The times of observed works include the observation.`,
  async measure({ open, found, seed, signal }) {
    const muster = await open({ watched: true })
    try {
      const small = await smallSources(muster, seed)
      const before = await small.change()
      const one = await importOf(muster, 'Million', rosterRows(LARGE, seed, 'first'))
      found({ what: 'first import of a million, observed', value: one.ended.seconds, unit: 's' })
      found(...memoryOf('first import of a million', one.ended.cost, 'liveMillion'))
      signal.throwIfAborted()
      const after = await small.change()
      found(
        { what: 'source of 100, one changed: before', value: before, unit: 's' },
        { what: 'source of 100, one changed: after a million others changed', value: after, unit: 's' },
        { what: 'source of 100: after, to before', value: after / before, unit: '×', goal: 'smallSources' },
      )
      muster.serve('Million', csvBytes(rosterRows(LARGE, seed, 'changed')))
      const night = await muster.import(one.source)
      found({ what: '1 % of a million changed, observed', value: night.seconds, unit: 's' })
      found(...memoryOf('1 % of a million changed', night.cost, 'liveNight'))
      signal.throwIfAborted()
      const shared = await importOf(muster, 'Shared', rosterRows(LARGE, seed, 'first', { letter: 'F' }))
      found({ what: 'a million shared numbers, observed', value: shared.ended.seconds, unit: 's' })
      found({ what: 'a million shared numbers: rows with warnings', value: shared.ended.counts.warnings, unit: '' })
      found(...memoryOf('a million shared numbers', shared.ended.cost, 'liveShared'))
      signal.throwIfAborted()
      const undone = await muster.undo(shared.ended.id)
      found({ what: 'undo of a million, observed', value: undone.seconds, unit: 's' })
      found(...memoryOf('undo of a million', undone.cost, 'liveUndo'))
    } finally {
      await muster.close()
    }
  },
}

async function importOf(muster: Measured, name: string, rows: Iterable<string[]>) {
  muster.serve(name, csvBytes(rows))
  const source = await muster.source(name)
  return { source, ended: await muster.import(source) }
}

/** Makes and imports the small sources. `change` imports each with one change, and returns the median of the seconds. */
async function smallSources(muster: Measured, seed: number) {
  const sources: { name: string; source: string; from: number }[] = []
  for (let i = 0; i < SOURCES; i++) {
    const name = `Small ${i}`
    const from = 5_000_000 + i * SMALL
    const { source } = await importOf(muster, name, rosterRows(SMALL, seed, 'first', { from }))
    sources.push({ name, source, from })
  }
  let changes = 0
  return {
    async change(): Promise<number> {
      changes++
      const times: number[] = []
      for (const { name, source, from } of sources) {
        const [header = [], ...rows] = rosterRows(SMALL, seed, 'first', { from })
        if (rows[0] !== undefined) rows[0][3] = `Changed ${changes}`
        muster.serve(name, csvBytes([header, ...rows]))
        times.push((await muster.import(source, { unwatched: true })).seconds)
      }
      return median(times)
    },
  }
}
