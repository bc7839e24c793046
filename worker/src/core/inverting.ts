import { changedAttributes } from './comparing.ts'
import type { ContactChange } from './plan.ts'
import type { StoredContact } from './plan-contract.ts'
import type { Problem } from './problem.ts'
import { undoUpdate } from './undoing.ts'

/** The change that undoes a change, and the parts that cannot be undone because they have changed since. */
export interface Inverted {
  change: ContactChange | null
  left: Problem[]
}

/**
 * Returns the opposite of an applied change, for the current state of the contact (design: Undo is the inverted plan).
 * `current` is null if the directory no longer has the contact, or if another source owns it. `others`: contacts with
 * the ID that the contact has then.
 */
export function invert(
  applied: ContactChange,
  current: StoredContact | null,
  others: readonly StoredContact[],
): Inverted {
  // The contact may have got another ID since.
  const change = applied.op === 'rekey' || current === null ? applied : { ...applied, id: current.id }
  const gone = current === null || current.removed
  switch (change.op) {
    case 'add':
      if (gone) return NOTHING
      if (current.manual !== (change.owner === 'hand') || changedAttributes(change.after, current.details).length > 0) {
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
      if (!current.removed || isTaken(change, change.owner === 'hand', others))
        return leave(change, null, 'This contact is in the directory again already.')
      return done({
        op: 'add',
        key: change.key,
        id: change.id,
        ...(change.owner === undefined ? {} : { owner: change.owner }),
        before: null,
        after: change.before,
        rows: [],
      })
    case 'update':
      if (gone) return leave(change, null, 'This contact has been removed since.')
      return invertUpdate(change, current, others)
    case 'rekey':
      if (gone) return leave(change, null, 'This contact has been removed since.')
      return invertRekey(change, current, others)
  }
}

/** Returns whether another contact has the ID, among the manual contacts or among the source's own. */
function isTaken({ key }: ContactChange, manual: boolean, others: readonly StoredContact[]): boolean {
  return others.some((other) => other.key !== key && !other.removed && other.manual === manual)
}

function invertUpdate(
  change: ContactChange & { op: 'update' },
  current: StoredContact,
  others: readonly StoredContact[],
): Inverted {
  const { details, left } = undoUpdate(change.before, change.after, current.details)
  const changed = changedAttributes(current.details, details)
  const problems = left.flatMap((attribute) => leave(change, attribute, 'This has been changed since and stays.').left)
  const toHand = change.owner === 'source'
  const moves = change.owner !== undefined && current.manual !== toHand
  const taken = moves && isTaken(change, toHand, others)
  if (taken)
    problems.push(...leave(change, null, 'Another contact has this ID by now, so this one stays where it is.').left)
  const owner = moves && !taken ? { owner: toHand ? ('hand' as const) : ('source' as const) } : {}
  if (changed.length === 0 && owner.owner === undefined) return { change: null, left: problems }
  const { key, id } = change
  return {
    change: { op: 'update', key, id, ...owner, before: current.details, after: details, changed, rows: [] },
    left: problems,
  }
}

/** Gives a contact its old ID back, unless it has got another one since or the old one is taken. */
function invertRekey(
  change: ContactChange & { op: 'rekey' },
  current: StoredContact,
  others: readonly StoredContact[],
): Inverted {
  const { key, id, fromId } = change
  const toHand = change.owner === 'source'
  if (current.id !== id) return leave(change, null, 'This contact has got another ID since.')
  if (isTaken(change, toHand || current.manual, others))
    return leave(change, null, 'Another contact has the old ID by now, so this one keeps the new one.')
  const { details, left } = undoUpdate(change.before, change.after, current.details)
  const problems = left.flatMap((attribute) => leave(change, attribute, 'This has been changed since and stays.').left)
  const moves = change.owner !== undefined && current.manual !== toHand
  return {
    change: {
      op: 'rekey',
      key,
      id: fromId,
      fromId: id,
      ...(moves ? { owner: toHand ? ('hand' as const) : ('source' as const) } : {}),
      before: current.details,
      after: details,
      changed: changedAttributes(current.details, details),
      otherwise: null,
      rows: [],
    },
    left: problems,
  }
}

const NOTHING: Inverted = { change: null, left: [] }

function done(change: ContactChange): Inverted {
  return { change, left: [] }
}

function leave(change: ContactChange, column: string | null, message: string): Inverted {
  const name = (change.after ?? change.before)?.name ?? null
  const problem: Problem = {
    row: 0,
    id: change.id,
    name,
    column,
    severity: 'warning',
    code: 'changed_since',
    message,
    value: null,
  }
  return { change: null, left: [problem] }
}
