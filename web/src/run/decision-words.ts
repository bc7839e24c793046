import type { RunView } from '../../../worker/src/api/views/run.ts'
import { COUNT_OF, noChanges } from '../../../worker/src/core/counts.ts'
import { PARTS, type Part } from '../../../worker/src/core/plan.ts'
import { countOf } from '../format.ts'
import type { RekeyChoice } from './rekeys.tsx'

/* The words in which the page of a held run asks for a decision. */

/** The part of a held run that the words are made from. */
type Waiting = Pick<RunView, 'waiting' | 'rekeyed' | 'hold'>

/** The decision that a person is asked to confirm: approve all that waits, approve one part of it, or reject it. */
type Question = 'all' | Part | 'reject'

/** A question in words. `button` is also the button of the confirmation. */
export interface Asked {
  question: Question
  button: string
  title: string
  text: string
  /** Whether it removes contacts. */
  danger: boolean
}

const DO: Record<Part, string> = { add: 'Add', update: 'Change', remove: 'Remove' }
const KEEP: Record<Part, string> = { add: 'Don’t add them', update: 'Leave them as they are', remove: 'Keep them' }

const MOVED: Record<RekeyChoice['which'], string> = {
  all: 'Everybody under a new ID is moved to it.',
  some: 'Of the people under new IDs, those you chose are moved; the others become new contacts.',
  none: 'The people under new IDs become new contacts.',
}

/** Returns the questions of a held run: to do all that waits, to reject it, and to do only a part of it. */
export function questionsOf(run: Waiting, which: RekeyChoice['which']): { all: Asked; reject: Asked; parts: Asked[] } {
  const waiting = run.waiting ?? noChanges()
  const moved = run.rekeyed?.count ?? 0
  const of = (part: Part) => waiting[COUNT_OF[part]] - (part === 'update' ? moved : 0)
  const kinds = PARTS.filter((part) => of(part) > 0)
  const [only] = kinds.length === 1 && moved === 0 ? kinds : []
  const sum = waiting.added + waiting.updated + waiting.removed
  const doAll =
    only === undefined ? `Apply ${sum === 1 ? 'the change' : `all ${countOf(sum, 'change')}`}` : doing(only, of(only))
  const keep = only === undefined ? `Reject ${sum === 1 ? 'it' : 'all'}` : KEEP[only]
  return {
    all: {
      question: 'all',
      button: doAll,
      title: `${doAll}?`,
      text: sentences(effectOf(kinds), moved > 0 && MOVED[which], 'You can undo the import afterwards.'),
      danger: waiting.removed > 0,
    },
    reject: {
      question: 'reject',
      button: keep,
      title: only === 'remove' ? `Keep ${countOf(of(only), 'contact')}?` : `${keep}?`,
      text: 'What waits is not changed, and what was imported stays. A schedule does not offer the same changes again; Import now does.',
      danger: false,
    },
    parts: partsOf(run).map((part) => ({
      question: part,
      button: `Only ${doing(part, of(part)).toLowerCase()}`,
      title: `Only ${doing(part, of(part)).toLowerCase()}?`,
      text: sentences(
        effectOf([part]),
        part === 'remove' && moved > 0 && MOVED[which],
        'The other changes that wait are rejected. You can undo the import afterwards.',
      ),
      danger: part === 'remove',
    })),
  }
}

function doing(part: Part, n: number): string {
  return `${DO[part]} ${countOf(n, 'contact')}`
}

/** Says what removals mean; the other parts say it in their button. */
function effectOf(parts: readonly Part[]): string {
  return parts.includes('remove') ? 'Whoever is removed is no longer reached by text, call or e-mail.' : ''
}

function sentences(...all: (string | false)[]): string {
  return all.filter((one) => one !== '' && one !== false).join(' ')
}

/** Returns the parts that can be approved one by one; none if there is nothing to choose between. */
function partsOf({ hold, waiting }: Waiting): Part[] {
  const stopped = (part: Part) => hold?.reasons.some(({ parts }) => parts.includes(part))
  const parts = PARTS.filter((part) => (waiting?.[COUNT_OF[part]] ?? 0) > 0 && stopped(part))
  return parts.length > 1 ? parts : []
}
