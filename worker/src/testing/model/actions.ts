import { type Limits, limitsSchema } from '../../core/limits.ts'
import { NO_LIMITS } from '../versions.ts'
import type { Roll, RollPerson } from './roll.ts'

/** The Worker dies at a call to storage or queue, and its message is lost or comes again. */
export interface Death {
  at: number
  when: 'before' | 'after'
  message: 'lost' | 'redelivered'
}

export type Slot = 0 | 1

/** One thing that somebody does, or that happens. What it does not fit in with is refused, or does nothing. */
export type Action =
  | {
      do: 'import'
      slot: Slot
      trigger: 'manual' | 'api' | 'schedule'
      mode: 'apply' | 'preview'
      /** What the server has from now on: as before, what it had some files ago, or something new. */
      roll: null | number | Roll
      deaths: readonly Death[]
      /** The Worker dies while it applies, again and again, at this call. */
      doomed: number | null
      /** What is done after so many of the run's steps. */
      meanwhile: { after: 0 | 1 | 2; action: Action } | null
    }
  | { do: 'approve'; slot: Slot; hash: 'right' | 'wrong'; deaths: readonly Death[] }
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
  | { do: 'late messages' }

export interface SourceChoice {
  enabled: boolean
  removal: 'remove' | 'keep'
  covers: 'own' | 'directory'
  limits: keyof typeof LIMITS
}

/** Limits under which nothing, little or as much as usual is held. */
export const LIMITS: Record<'none' | 'tight' | 'usual', Limits> = {
  none: NO_LIMITS,
  tight: {
    removed: { percent: 30, atLeast: 1 },
    changed: { percent: 50, atLeast: 2 },
    blanked: { percent: 40, atLeast: 1 },
    unreachable: { percent: 10, atLeast: 1 },
    emptiedGroups: { atLeast: 2 },
    resubscribed: { atLeast: 1 },
    errors: { percent: 40 },
  },
  usual: limitsSchema.parse({}),
}

/** A history to be read, one action a line. */
export function reported(history: readonly Action[]): string {
  return history.map((one, i) => `${i + 1}. ${JSON.stringify(one)}`).join('\n')
}
