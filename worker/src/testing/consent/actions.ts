import type { Part } from '../../core/plan.ts'
import type { Recovery } from '../surviving.ts'
import { NO_LIMITS } from '../versions.ts'
import type { Edit, MAPPINGS, Row } from './roster.ts'

export type Slot = 0 | 1

/**
 * A decision of a person or a text. `pick` picks one of the contacts. `tells`: whether it is written to a CRM at once, and not
 * only when the next message is delivered.
 */
export type SmsAction =
  | { do: 'text'; number: number; words: 'STOP' | 'START' | 'YES' | 'hello'; tells: boolean }
  | { do: 'set'; pick: number; status: 'opted_in' | 'opted_out'; tells: boolean }

/** A crash of the Worker at a call to storage or queue. */
export interface Death {
  at: number
  when: 'before' | 'after'
  message: Recovery
}

/** What a person does with a run that waits. */
export interface Verdict {
  is: 'approve' | 'reject' | 'leave'
  parts: readonly Part[] | null
  rekey: boolean | null
}

/** One action of a person, a source or the world. In a state that does not allow it, it does nothing. */
export type Action =
  | { do: 'source'; slot: Slot; kind: keyof typeof MAPPINGS; limits: keyof typeof LIMITS; removal: 'remove' | 'keep' }
  | {
      do: 'import'
      slot: Slot
      mode: 'apply' | 'preview'
      edits: readonly Edit[]
      /** Whether the rows come in another order. */
      turned: boolean
      /** Whether the source's mapping has the SMS column. */
      sms: boolean
      verdict: Verdict
      /** What happens between two steps of the run. */
      meanwhile: { after: 1 | 2; smsAction: SmsAction } | null
      death: Death | null
      /** How often each message is delivered. */
      times: 1 | 2
    }
  | { do: 'decide'; slot: Slot; verdict: Verdict }
  | { do: 'undo'; slot: Slot; back: number; death: Death | null }
  | { do: 'delete source'; slot: Slot; contacts: 'keep' | 'remove' }
  | { do: 'make'; id: number; name: number; mobile: number; landline: number | null }
  | { do: 'edit'; pick: number; what: 'name' | 'numbers' | 'emails' | 'everything'; to: number }
  | { do: 'remove'; pick: number }
  | { do: 'erase'; pick: number }
  | { do: 'enable'; slot: Slot; enabled: boolean }
  | { do: 'a month passes' }
  | SmsAction

/** The first file of each source, and what follows. */
export interface History {
  rows: readonly [readonly Row[], readonly Row[]]
  actions: readonly Action[]
}

/** Sets of limits: none; ones that stop people under new IDs, removals or updates; or any change at all. */
export const LIMITS = {
  none: { limits: NO_LIMITS },
  rekeyed: { limits: { ...NO_LIMITS, rekeyed: { percent: 0, atLeast: 1 } } },
  removed: { limits: { ...NO_LIMITS, removed: { percent: 0, atLeast: 1, orAtLeast: 1, withinDays: 1 } } },
  changed: { limits: { ...NO_LIMITS, changed: { percent: 0, atLeast: 1 } } },
  whole: { limits: { ...NO_LIMITS, changed: { percent: 0, atLeast: 1 } }, hold: 'whole' },
} as const

/** Returns a history as text, with one action on each line. */
export function reported({ rows, actions }: History): string {
  return [
    ...rows.map((file, slot) => `Source ${slot}: ${JSON.stringify(file)}`),
    ...actions.map((one, i) => `${i + 1}. ${JSON.stringify(one)}`),
  ].join('\n')
}
