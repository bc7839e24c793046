import { readDetails } from '../core/contact.ts'
import { isSomebodyElse as isOther } from '../core/same-person.ts'
import type { Env } from '../env.ts'
import type { Attached } from './consent.ts'
import { all, named } from './database.ts'
import type { KeyedContact } from './writing.ts'

/** An opt-out that waits for its person, under the ID that a contact comes to. */
interface Waiting {
  decision: number
  contact: number
  person: string | null
  /** The key of the contact that comes. */
  key: number
}

/**
 * Returns the opt-outs that count again because their person comes back: under the same source and ID, with the name, a
 * number or an e-mail of then (design: Consent). A contact comes when it is added or returns, and when its ID names somebody
 * else, who may be the one of before.
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
      `SELECT o.decision, o.contact, o.person, j.value->>2 AS key
        FROM (SELECT 1 WHERE EXISTS (SELECT 1 FROM contact_opt_out WHERE apart = 1)) CROSS JOIN json_each(:ids) j
          CROSS JOIN contact_opt_out o ON o.apart = 1 AND o.source = j.value->>0 AND o.id = j.value->>1`,
      { ids: JSON.stringify(ids) },
    ),
  )
  if (waiting.length === 0) return []
  const after = new Map(coming.map((change) => [change.key, change.after]))
  return waiting.flatMap(({ decision, contact, person, key }): Attached[] => {
    const comes = after.get(key)
    const same = comes == null || person === null || !isOther(readDetails(person), readDetails(comes))
    return same ? [[decision, contact, key]] : []
  })
}
