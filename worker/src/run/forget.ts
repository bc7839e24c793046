import type { Env } from '../env.ts'
import { type ContactWithValue, forgetValues, valuesOf } from '../store/field-values.ts'
import { deletedFields, endField, findDeletedField } from '../store/fields.ts'
import { groupIds } from '../store/groups.ts'
import { isApplying } from '../store/runs.ts'
import { yieldThread } from '../yield-thread.ts'
import { sendStep } from './step.ts'

/** The most contacts in one transaction, and the most characters of their details. */
const CONTACTS = 500
const CHARACTERS = 500_000
/** The most transactions in one message. Each has six queries. */
const CHUNKS = 100
/** How long to wait for a run that is applying and may bring values back, in seconds. */
const WAIT = 30

/**
 * Deletes the values of a deleted field from all contacts. Each contact gets a place in the order of changes and an
 * entry in its history. Contacts that another writer changes at the same time are read again.
 */
export async function forgetStep(env: Env, key: string): Promise<void> {
  const field = await findDeletedField(env, key)
  if (field === null) return
  const ids = await groupIds(env)
  let after = 0
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const contacts = bounded(await valuesOf(env, key, after, CONTACTS))
    const last = contacts.at(-1)
    if (last === undefined) {
      if (after === 0) return endField(env, key)
      // It starts once more from the beginning, since a contact may have come back under a lower key.
      after = 0
    } else if (await forgetValues(env, field, contacts, ids, Date.now())) {
      after = last.key
      await yieldThread()
    } else if (await isApplying(env)) {
      return sendStep(env, { step: 'forget', field: key }, WAIT)
    }
  }
  await sendStep(env, { step: 'forget', field: key })
}

function bounded(contacts: ContactWithValue[]): ContactWithValue[] {
  let characters = 0
  const end = contacts.findIndex(({ details }, at) => {
    characters += details.length
    return at > 0 && characters > CHARACTERS
  })
  return end === -1 ? contacts : contacts.slice(0, end)
}

/** Sends the message again for each field that was deleted before `before` and still has values. */
export async function sweepDeletedFields(env: Env, before: number): Promise<void> {
  for (const field of await deletedFields(env, before)) await sendStep(env, { step: 'forget', field })
}
