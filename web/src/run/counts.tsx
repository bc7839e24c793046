import type { RunView } from '../../../worker/src/api/views.ts'
import { Tiles } from '../parts/tiles.tsx'
import { changeTiles, type Tone } from '../words.ts'

/** The counts of a run: what it has changed, what is planned, waits or was left out, and its rows with problems. */
export function Counts({ run }: { run: RunView }) {
  const { counts } = run
  const tiles: [label: string, value: number, tone: Tone | null][] = [
    ...changeTiles(run),
    ['unchanged', counts.unchanged, null],
    [counts.errors === 1 ? 'row with errors' : 'rows with errors', counts.errors, 'bad'],
    [counts.warnings === 1 ? 'row with warnings' : 'rows with warnings', counts.warnings, 'wait'],
    ...leftOutTile(counts),
  ]
  return <Tiles items={tiles} />
}

/** Returns the tile for rows that are no contact, such as a total or a note below the table; no tile for 0 rows. */
export function leftOutTile({ leftOut }: { leftOut: number }): [string, number, Tone | null][] {
  return leftOut === 0 ? [] : [[leftOut === 1 ? 'row that is no contact' : 'rows that are no contact', leftOut, null]]
}
