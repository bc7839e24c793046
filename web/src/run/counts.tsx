import type { RunView } from '../../../worker/src/api/views.ts'
import { Tiles } from '../parts/tiles.tsx'
import { changeTiles, type Tone } from '../words.ts'

type Tile = [label: string, value: number, tone: Tone | null]

/** The figures of a run: what became of the contacts that met the criteria, and how many rows have problems. */
export function Counts({ run }: { run: RunView }) {
  const { counts, figures, undoes } = run
  const tiles: Tile[] = [
    ...(undoes === null ? [['met the criteria', figures.met, null] satisfies Tile] : []),
    ...changeTiles(run),
    [undoes === null ? 'unchanged' : 'left as they are', counts.unchanged, null],
    [figures.withErrors === 1 ? 'contact with errors' : 'contacts with errors', figures.withErrors, 'bad'],
    ...tileIfAny('kept, though missing', counts.protected, 'wait'),
    ...tileIfAny('opted out by the source', counts.optOuts, null),
    [counts.errors === 1 ? 'row with errors' : 'rows with errors', counts.errors, 'bad'],
    ...tileIfAny(counts.withoutId === 1 ? 'row without an ID' : 'rows without an ID', counts.withoutId, 'bad'),
    [counts.warnings === 1 ? 'row with warnings' : 'rows with warnings', counts.warnings, 'wait'],
    ...leftOutTile(counts),
  ]
  return <Tiles items={tiles} />
}

/** Returns the tile for rows that are no contact, such as a total, or that a rule leaves out; no tile for 0 rows. */
export function leftOutTile({ leftOut }: { leftOut: number }): Tile[] {
  return tileIfAny(leftOut === 1 ? 'row left out' : 'rows left out', leftOut, null)
}

function tileIfAny(label: string, value: number, tone: Tone | null): Tile[] {
  return value === 0 ? [] : [[label, value, tone]]
}
