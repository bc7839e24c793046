import { and, eq } from 'drizzle-orm'
import { groupKey } from '../core/contact.ts'
import { type ContactChange, written } from '../core/plan.ts'
import { isSomebodyElse } from '../core/same-person.ts'
import type { Env } from '../env.ts'
import { type ContactRow, contacts } from './contacts.ts'
import { raise, unmoved } from './counters.ts'
import { database, guard, write } from './database.ts'
import { readErased, recallingNumbers } from './erasures.ts'
import { addingGroups, groupIds } from './groups.ts'
import { comingBack } from './returning.ts'
import { APPLYING } from './runs.ts'
import { writeChanges } from './writing.ts'

/**
 * Changes a contact manually, unless a source has been enabled since. `expected`: the contact's place in the order of
 * changes when it was read, 0 for a new one. `fieldsRevision`: the revision of the field definitions by which its
 * values were read. Returns false if either has changed since, and `erased` if the contact would be a person who was erased.
 */
export async function changeManually(
  env: Env,
  by: string,
  change: ContactChange & { returns?: boolean },
  names: readonly string[],
  expected: number,
  fieldsRevision: number,
): Promise<boolean | 'erased'> {
  const erased = await readErased(env, '')
  const { before, after } = change
  if (after !== null && erased.people?.has(change.id, after, change.op === 'add') === true) return 'erased'
  const groups = Object.fromEntries(names.map((name) => [groupKey(name), name]))
  await write(env, [addingGroups(groups, true)])
  const keyed = { ...written(change), returns: change.returns === true }
  const ids = await groupIds(env)
  const isOther = before !== null && after !== null && isSomebodyElse(before, after)
  const attached = await comingBack(env, '', [keyed], () => isOther)
  const people = { isSomebodyElse: () => isOther, attached, optOuts: true }
  const { failed } = await write(
    env,
    [
      guard(
        // No source is enabled, no run is applying, and the contact has not changed since it was read.
        `NOT EXISTS (SELECT 1 FROM source WHERE enabled = 1) AND NOT ${APPLYING}
          AND coalesce((SELECT seq FROM contact WHERE key = :key AND removed_at IS NULL), 0) = :expected`,
        { key: change.key, expected },
      ),
      unmoved('fields', fieldsRevision),
      unmoved('erased', erased.revision),
      raise('manual'),
      ...recallingNumbers(erased, after?.numbers.map(({ number }) => number) ?? []),
      ...writeChanges({ run: null, by, source: null }, [keyed], ids, Date.now(), people),
    ],
    'guard',
  )
  return failed === null
}

/** Returns the manual contact with the ID, even if it was removed. */
export async function findManual(env: Env, id: string): Promise<ContactRow | null> {
  const [row] = await database(env)
    .select()
    .from(contacts)
    .where(and(eq(contacts.source, ''), eq(contacts.id, id)))
  return row ?? null
}
