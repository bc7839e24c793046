import type { Column, ListFile } from '../file.ts'
import type { Harm } from '../floors.ts'
import type { Kind, Organization } from '../organization.ts'
import type { Random } from '../random.ts'

/** Something that goes wrong with a list between the people who keep it and its source. */
export interface Accident {
  name: string
  /** The organizations whose lists it can happen to; all unless given. */
  kinds?: readonly Kind[]
  /** That it happens to a first import, into a directory that has nobody or the same people as manual contacts. */
  first?: 'empty' | 'manual'
  /** Returns what the accident makes of a night's list. `share`: how many of the rows or members it hits, over 0, up to 1. */
  happen(list: ListFile, share: number, around: Around): Happened
}

interface Around {
  random: Random
  organization: Organization
  /** IDs of contacts that opted out here and whose source has shown it. */
  optedOutHere: readonly string[]
}

export interface Happened {
  /** The list of the night, and of the nights after it where the accident takes several. */
  nights: ListFile[]
  /** What it does in the terms of each limit that may name it. */
  harm: Harm[]
}

/** The columns that hold a name in this list. */
export function nameColumns(list: ListFile): Column[] {
  return list.has('name') ? ['name'] : ['first', 'last']
}

/** Where in `count` rows a block of a share of them begins and ends. */
export function blockOf(count: number, share: number, random: Random): { from: number; to: number } {
  const length = Math.min(count, Math.max(1, Math.round(count * share)))
  const from = random.below(count - length + 1)
  return { from, to: from + length }
}

/** The places of a share of `count` rows, anywhere among them. */
export function placesOf(count: number, share: number, random: Random): ReadonlySet<number> {
  const all = Array.from({ length: count }, (_, i) => i)
  return new Set(random.some(all, Math.max(1, Math.round(count * share))))
}

/** The list with other cells in one column of a share of its rows. */
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
