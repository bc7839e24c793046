import type { RunView } from '../../../worker/src/api/views.ts'
import { noChanges } from '../../../worker/src/core/counts.ts'
import type { Part } from '../../../worker/src/core/plan.ts'
import { count } from '../format.ts'
import { changeTiles } from '../words.ts'
import type { RekeyChoice } from './rekeys.tsx'

/* The words in which the page of a held run asks for a decision. */

/** The counts of a held run that the words are made from. */
type Waiting = Pick<RunView, 'waiting' | 'rekeyed'>

/** The decision that a person is asked to confirm: approve all that waits, approve one part of it, or reject it. */
export type Question = 'all' | Part | 'reject'

export const PART_BUTTONS: Record<Part, string> = {
  add: 'Approve only the additions…',
  update: 'Approve only the changes…',
  remove: 'Approve only the removals…',
}

const ONLY: Record<Part, string> = {
  add: 'Only new contacts are added.',
  update: 'Only the changes of contacts are made.',
  remove: 'Only the removals are made, and the changes that may be about the same people.',
}

const MOVED: Record<RekeyChoice['which'], string> = {
  all: 'Everybody under a new ID is moved to it.',
  some: 'Of the people under new IDs, those you chose are moved; the others become new contacts.',
  none: 'The people under new IDs become new contacts.',
}

/** Says what a confirmation does. `which`: the people under new IDs that are moved, if the run has any. */
export function questionOf(asking: Question, run: Waiting, which: RekeyChoice['which']): string {
  if (asking === 'reject')
    return 'What waits is not changed; what was imported stays. The same changes are not offered again by schedule; Import now plans them again.'
  const whole = asking === 'all'
  const what = whole ? `Contacts: ${waitingWords(run)}.` : ONLY[asking]
  const moved = run.rekeyed !== null && (whole || asking === 'remove') ? MOVED[which] : ''
  const rest = whole ? '' : 'The rest of what waits is rejected.'
  return [what, moved, rest, 'You can undo it afterwards.'].filter((sentence) => sentence !== '').join(' ')
}

/** Returns what waits in one line: `7 under new IDs, 2 to remove`. A run counts people under new IDs as changed. */
export function waitingWords({ waiting, rekeyed }: Waiting): string {
  if (waiting === null) return ''
  const moved = rekeyed?.count ?? 0
  const rest = { ...waiting, updated: waiting.updated - moved }
  return wordsOf([
    ['under new IDs', moved],
    ...changeTiles({ figures: { rest }, applied: noChanges(), status: 'held' }),
  ])
}

/** Says what a held run has applied. */
export function appliedWords({ applied }: RunView): string {
  const words = wordsOf(changeTiles({ figures: { rest: noChanges() }, applied, status: 'succeeded' }))
  return words === '' ? 'Nothing has been changed yet.' : `This has been imported already: ${words}.`
}

function wordsOf(tiles: readonly (readonly [string, number, ...unknown[]])[]): string {
  return tiles.flatMap(([word, number]) => (number === 0 ? [] : [`${count(number)} ${word}`])).join(', ')
}
