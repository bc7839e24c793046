import type { Tone } from '../words.ts'

type Tile = [label: string, value: number, tone: Tone | null]

/** Returns the tile for rows that are no contact, such as a total, or that a rule leaves out; no tile for 0 rows. */
export function leftOutTile({ leftOut }: { leftOut: number }): Tile[] {
  return leftOut === 0 ? [] : [[leftOut === 1 ? 'row left out' : 'rows left out', leftOut, null]]
}
