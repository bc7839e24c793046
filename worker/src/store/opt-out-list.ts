import type { Env } from '../env.ts'
import type { CellValue } from '../formats/workbook.ts'
import { yieldThread } from '../yield-thread.ts'
import { listSetHere, type SetHere } from './sms.ts'

export const ID_COLUMN = 'ID'
export const STATUS_COLUMN = 'SMS Status'
/** The words for an SMS status in a file of opt-outs. */
export const STATUS_WORDS = { opted_in: 'Opted in', opted_out: 'Opted out', unknown: '' }

const AT_ONCE = 1000

/**
 * Yields the rows of a file of the statuses that were set here for a source's contacts, from the header on. `seen` is called
 * for each contact, once for each of its numbers.
 */
export async function* optOutRows(
  env: Env,
  source: string,
  seen?: (contact: SetHere) => void,
): AsyncGenerator<CellValue[]> {
  yield [ID_COLUMN, 'Name', 'Number', STATUS_COLUMN, 'When']
  for (let after = 0; ; ) {
    const page = await listSetHere(env, source, after, AT_ONCE)
    for (const contact of page) {
      const { id, name, number, smsStatus, smsAt } = contact
      seen?.(contact)
      // A number is written without its plus, so that a spreadsheet reads a number and not a formula.
      yield [id, name, number?.slice(1) ?? '', STATUS_WORDS[smsStatus], new Date(smsAt).toISOString()]
    }
    const last = page.at(-1)
    if (last === undefined) return
    await yieldThread()
    after = last.key
  }
}
