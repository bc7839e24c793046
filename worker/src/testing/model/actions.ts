import { type Limits, limitsSchema } from '../../core/limits.ts'
import type { Part } from '../../core/plan.ts'
import { NO_LIMITS } from '../versions.ts'
import type { Roll, RollPerson } from './roll.ts'

/** A crash of the Worker at a call to storage or queue, after which its message is lost or delivered again. */
export interface Death {
  at: number
  when: 'before' | 'after'
  message: 'lost' | 'redelivered'
}

export type Slot = 0 | 1

/** Which people a person moves to their new IDs: all, none or every other one; null says nothing. */
export type Rekey = boolean | 'some' | null

/** One action of a person, a system or the world. In a state that does not allow it, it is refused or does nothing. */
export type Action =
  | {
      do: 'import'
      slot: Slot
      trigger: 'manual' | 'api' | 'schedule'
      mode: 'apply' | 'preview'
      /** The file that the server has from now on: the same as before, the one some files ago, or a new one. */
      roll: null | number | Roll
      deaths: readonly Death[]
      /** The call at which the Worker crashes in every attempt to apply. */
      doomed: number | null
      /** An action that happens after this many steps of the run. */
      meanwhile: { after: 0 | 1 | 2; action: Action } | null
    }
  | {
      do: 'approve'
      slot: Slot
      hash: 'right' | 'wrong'
      parts: readonly Part[] | null
      rekey: Rekey
      deaths: readonly Death[]
    }
  | { do: 'reject' | 'cancel'; slot: Slot; deaths: readonly Death[] }
  | { do: 'undo'; slot: Slot; back: number; deaths: readonly Death[]; doomed: number | null }
  | { do: 'set'; slot: Slot; settings: Partial<SourceChoice> }
  | { do: 'delete source'; slot: Slot; contacts: 'keep' | 'remove' }
  | { do: 'make'; person: RollPerson }
  | { do: 'edit'; pick: number; person: RollPerson; what: 'name' | 'title' | 'numbers' | 'groups' | 'emails' }
  | { do: 'remove'; pick: number }
  | { do: 'rename group'; group: string; name: string }
  | { do: 'delete group'; group: string }
  | { do: 'text'; pick: number; status: 'opted_in' | 'opted_out' }
  | { do: 'days pass'; days: 1 | 3 | 6 | 7 }
  | { do: 'late messages' }

export interface SourceChoice {
  enabled: boolean
  removal: 'remove' | 'keep'
  covers: 'own' | 'directory'
  limits: keyof typeof LIMITS
  hold: 'part' | 'whole'
}

/** The limits of a source: none, ones that hold almost every plan, and the usual ones. */
export const LIMITS: Record<'none' | 'tight' | 'usual', Limits> = {
  none: NO_LIMITS,
  tight: {
    removed: { percent: 30, atLeast: 2, orAtLeast: 3, withinDays: 4, small: { percent: 60, atLeast: 1 } },
    changed: { percent: 50, atLeast: 2 },
    blanked: { percent: 40, atLeast: 1 },
    unreachable: { percent: 10, atLeast: 1 },
    emptiedGroups: { atLeast: 2 },
    resubscribed: { percent: 0, atLeast: 1 },
    errors: { percent: 40 },
    rekeyed: { percent: 20, atLeast: 2 },
    shrunkGroups: { percent: 30, atLeast: 2 },
    identity: { percent: 40, atLeast: 1, orAtLeast: 2 },
    garbled: { percent: 0, atLeast: 1, orAtLeast: 1 },
    added: { percent: 100, atLeast: 3 },
    sameNumber: { atLeast: 2 },
  },
  usual: limitsSchema.parse({}),
}

/** Returns a history as text, with one action on each line. */
export function reported(history: readonly Action[]): string {
  return history.map((one, i) => `${i + 1}. ${JSON.stringify(one)}`).join('\n')
}
