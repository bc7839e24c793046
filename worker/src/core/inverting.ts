import { changedAttributes } from './comparing.ts'
import type { Change, ContactChange } from './plan.ts'
import type { StoredContact } from './plan-contract.ts'
import type { Problem } from './problem.ts'
import { undoUpdate } from './undoing.ts'

/** What takes a change back, and what of it cannot be taken back because it has changed since. */
export interface Inverted {
  change: ContactChange | null
  left: Problem[]
}

/**
 * The opposite of an applied change for a contact as it stands now (design: Undo is the inverted plan). `current` null: the
 * directory does not have it any more.
 */
export function invert(change: Change, current: StoredContact | null): Inverted {
  const gone = current === null || current.removed
  switch (change.op) {
    case 'add':
      if (gone) return NOTHING
      if (changedAttributes(change.after, current.details).length > 0) {
        return leave(change, null, 'This contact was added by the import and has been changed since, so it stays.')
      }
      return done({
        op: 'remove',
        key: change.key,
        id: change.id,
        ...(change.owner === undefined ? {} : { owner: change.owner }),
        before: current.details,
        after: null,
        rows: [],
      })
    case 'remove':
      if (current === null) return leave(change, null, 'This contact was removed too long ago to come back.')
      if (!current.removed) return leave(change, null, 'This contact is in the directory again already.')
      return done({
        op: 'add',
        key: change.key,
        id: change.id,
        ...(change.owner === undefined ? {} : { owner: change.owner }),
        before: null,
        after: change.before,
        rows: [],
      })
    case 'sms':
      // Undo never opts anyone in (invariant 8), and what it would opt out the source says again by itself.
      return NOTHING
    case 'update':
      if (gone) return leave(change, null, 'This contact has been removed since.')
      return invertUpdate(change, current)
  }
}

function invertUpdate(change: Change & { op: 'update' }, current: StoredContact): Inverted {
  const { details, left } = undoUpdate(change.before, change.after, current.details)
  const changed = changedAttributes(current.details, details)
  const problems = left.flatMap((attribute) => leave(change, attribute, 'This has been changed since and stays.').left)
  if (changed.length === 0 && change.owner === undefined) return { change: null, left: problems }
  const owner =
    change.owner === undefined ? {} : { owner: change.owner === 'source' ? ('hand' as const) : ('source' as const) }
  const { key, id } = change
  return {
    change: { op: 'update', key, id, ...owner, before: current.details, after: details, changed, rows: [] },
    left: problems,
  }
}

const NOTHING: Inverted = { change: null, left: [] }

function done(change: ContactChange): Inverted {
  return { change, left: [] }
}

function leave(change: Change, column: string | null, message: string): Inverted {
  const name = (change.after ?? change.before)?.name ?? null
  const problem = {
    row: 0,
    id: change.id,
    name,
    column,
    severity: 'warning' as const,
    code: 'changed_since',
    message,
    value: null,
  }
  return { change: null, left: [problem] }
}
