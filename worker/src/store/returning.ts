import { readDetails } from '../core/contact.ts'
import { HASHED, hashedDetails, hashedId } from '../core/erased.ts'
import { isSomebodyElse as isOther } from '../core/same-person.ts'
import type { Env } from '../env.ts'
import type { Attached } from './consent.ts'
import { all, named } from './database.ts'
import { erasedHash } from './erased-hash.ts'
import type { KeyedContact } from './writing.ts'

/** An opt-out that waits for its person, under the ID that a contact comes to. */
interface Waiting {
  decision: number
  contact: number
  person: string | null
  /** The key of the contact that comes; null for a person who was erased. */
  key: number | null
  /** The hashed ID of a person who was erased. */
  id: string | null
}

/** Nothing is looked up while no opt-out waits. */
const ANY_APART = '(SELECT 1 WHERE EXISTS (SELECT 1 FROM contact_opt_out WHERE apart = 1))'

/**
 * Returns the opt-outs that count again because their person comes back: as the same contact, or under the same source and
 * ID, with the name, a number or an e-mail of then (design: Consent). A contact comes when it is added or returns, and when
 * its ID names somebody else, who may be the one of before.
 */
export async function comingBack(
  env: Env,
  source: string,
  changes: readonly KeyedContact[],
  isSomebodyElse: (key: number) => boolean,
): Promise<Attached[]> {
  const coming = changes.filter(({ op, key }) => op === 'add' || (op !== 'remove' && isSomebodyElse(key)))
  if (coming.length === 0) return []
  const ids = coming.map(({ key, id, owner }) => [owner === 'hand' ? '' : source, id, key])
  const waiting = await all<Waiting>(
    env,
    named(
      `SELECT o.decision, o.contact, o.person, j.value->>2 AS key, NULL AS id
        FROM ${ANY_APART} CROSS JOIN json_each(:ids) j
          CROSS JOIN contact_opt_out o ON o.apart = 1 AND o.source = j.value->>0 AND o.id = j.value->>1
        UNION ALL
        SELECT o.decision, o.contact, o.person, o.contact, NULL FROM ${ANY_APART} CROSS JOIN json_each(:ids) j
          CROSS JOIN contact_opt_out o ON o.contact = j.value->>2 AND o.apart = 1 AND o.source <> '${HASHED}'
        UNION ALL
        SELECT decision, contact, person, NULL, id FROM contact_opt_out WHERE apart = 1 AND source = '${HASHED}'`,
      { ids: JSON.stringify(ids) },
    ),
  )
  if (waiting.length === 0) return []
  const after = new Map(coming.map((change) => [change.key, change.after]))
  const hash = await erasedHash(env)
  const hashed = waiting.some(({ key }) => key === null)
  const keys = hashed
    ? new Map(ids.map(([owner, id, key]) => [hashedId(hash, String(owner), String(id)), Number(key)]))
    : null
  return waiting.flatMap(({ decision, contact, person, key: known, id }): Attached[] => {
    const key = known ?? keys?.get(id ?? '')
    const comes = key === undefined ? null : after.get(key)
    if (key === undefined) return []
    if (comes == null || person === null) return [[decision, contact, key]]
    const details = readDetails(comes)
    const isSame = !isOther(readDetails(person), known === null ? hashedDetails(hash, details) : details)
    return isSame ? [[decision, contact, key]] : []
  })
}
