import type { Column, ListFile } from '../file.ts'
import type { Harm } from '../floors.ts'
import type { Kind, Organization } from '../organization.ts'
import type { Random } from '../random.ts'

/** An error in a list, made by its keepers or by its export. */
export interface Accident {
  name: string
  /** The kinds of organizations that it can happen to. The default is all. */
  kinds?: readonly Kind[]
  /**
   * Set if it happens to a first import: into an empty directory, or into one with the same people as manual contacts.
   */
  first?: 'empty' | 'manual'
  /**
   * Returns a night's list after the accident. `share` is the share of rows or members that it hits, over 0, up to 1.
   */
  happen(list: ListFile, share: number, around: Around): Happened
}

interface Around {
  random: Random
  organization: Organization
  /** IDs of contacts that opted out here and whose source has shown the opt-out. */
  optedOutHere: readonly string[]
}

export interface Happened {
  /** The list of the night, and of the following nights if the accident takes several. */
  nights: ListFile[]
  /** The harm in the terms of each limit that may name the accident. */
  harm: Harm[]
}

/** Returns the columns of the list that have names. */
export function nameColumns(list: ListFile): Column[] {
  return list.has('name') ? ['name'] : ['first', 'last']
}

/** Returns where a block with a share of `count` rows begins and ends. */
export function blockOf(count: number, share: number, random: Random): { from: number; to: number } {
  const length = Math.min(count, Math.max(1, Math.round(count * share)))
  const from = random.below(count - length + 1)
  return { from, to: from + length }
}

/** Returns the positions of a share of `count` rows, chosen at random. */
export function placesOf(count: number, share: number, random: Random): ReadonlySet<number> {
  const all = Array.from({ length: count }, (_, i) => i)
  return new Set(random.some(all, Math.max(1, Math.round(count * share))))
}

/** Returns the list with changed cells in one column of a share of its rows. */
export function changeSome(
  list: ListFile,
  column: Column,
  share: number,
  random: Random,
  change: (cell: string, at: number) => string,
): ListFile {
  const places = placesOf(list.rows.length, share, random)
  return list.change(column, (cell, at) => (places.has(at) ? change(cell, at) : cell))
}
