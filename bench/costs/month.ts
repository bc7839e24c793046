import { BYTES_OF_CONTACT, BYTES_OF_NIGHT, CPU_OF_CONTACT, IDLE_TICK, nightOf } from './night.ts'
import { BASE, PRICES } from './prices.ts'

export type Item = keyof typeof PRICES
export type Month = Record<Item, number>

const NIGHTS = 30
const TICKS = 30 * 24 * 60
/** A message of a queue is written, read and deleted. */
const OPERATIONS = 3
/** How many requests the pages and other systems make in a month: about one each ten seconds in working hours. */
const PAGES = 100_000
/** How many rows a page reads. */
const ROWS_OF_PAGE = 600

/** Returns what a month of nightly imports of so many contacts takes. `changed`: how many times as many change as usual. */
export function monthOf(contacts: number, changed = 1): Month {
  const night = nightOf(contacts)
  return {
    rowsRead: NIGHTS * night.rowsRead + TICKS * IDLE_TICK.rowsRead + PAGES * ROWS_OF_PAGE,
    rowsWritten: NIGHTS * night.rowsWritten * changed + TICKS * IDLE_TICK.rowsWritten,
    stored: contacts * BYTES_OF_CONTACT,
    requests: NIGHTS * night.messages + TICKS + PAGES,
    cpu: NIGHTS * contacts * CPU_OF_CONTACT + TICKS * 5 + PAGES * 5,
    queue: NIGHTS * night.messages * OPERATIONS,
    files: NIGHTS * contacts * BYTES_OF_NIGHT,
    filesWritten: NIGHTS * night.filesWritten + TICKS * IDLE_TICK.filesWritten,
    filesRead: NIGHTS * night.filesRead,
    mails: NIGHTS * night.mails,
  }
}

/** Returns the price of a month in US dollars. */
export function priceOf(month: Month): number {
  const beyond = (Object.keys(PRICES) as Item[]).map((item) => {
    const { included, price } = PRICES[item]
    return Math.max(0, month[item] - included) * price
  })
  return BASE + beyond.reduce((sum, one) => sum + one, 0)
}
