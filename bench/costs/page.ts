import { type Item, type Month, monthOf, priceOf } from './month.ts'
import { PRICES } from './prices.ts'

const SIZES = [10_000, 100_000, 1_000_000]
const ITEMS = Object.keys(PRICES) as Item[]
const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, notation: 'compact' })

/** Returns docs/costs.md. */
export function costsPage(): string {
  const months = SIZES.map((contacts) => monthOf(contacts))
  const everybody = SIZES.map((contacts) => priceOf(monthOf(contacts, 100)))
  return `# What it costs

A month on Cloudflare with one nightly import, of which one contact in a hundred changes each night, and 100,000 requests of pages
and other systems: \`npm run costs -- --write\` writes this page from what a test counts (\`worker/src/run/costs.worker.test.ts\`)
and from the vendor's prices of November 2026 (\`bench/costs/prices.ts\`). CPU time is that of [performance](performance.md).

${table(
  ['a month of', ...SIZES.map((size) => `${number.format(size)} contacts`), 'included'],
  [
    ...ITEMS.map((item) => [
      PRICES[item].label,
      ...months.map((month) => shown(month, item)),
      number.format(PRICES[item].included),
    ]),
    ['**in all, with $5 for Workers Paid**', ...months.map((month) => `**$${priceOf(month).toFixed(2)}**`), ''],
  ],
)}

Everything is within what Workers Paid includes, whose $5 are for the whole account: other Workers in it use up the same.

## What grows first

- **Rows written, if everybody changes every night.** A mapped column such as _last updated_ makes each row another one. Then a
  month costs ${everybody.map((price, i) => `$${price.toFixed(0)} at ${number.format(SIZES[i] ?? 0)}`).join(', ')}. Leave such a column out of the mapping: a column that is not mapped
  changes nothing.
- **Several sources** cost as one source with all their contacts.
- **Hourly imports** of a file that has changed take 24 times as much of the lines of D1, R2 and Queues; of a file with the same bytes,
  next to nothing.
- **The SFTP bridge** is a container that is awake for about six minutes an import. 375 vCPU-minutes, 25 GiB-hours and 200 GB-hours
  are included.
- **E-mail** beyond 3,000 messages a month costs $0.35 a thousand. Each recipient of each report is a message.
- **Logs**: 20 million lines a month are included; an import writes about ten.

Not counted: a domain, Access beyond 50 users, and what the systems cost that send the messages.
`
}

function shown(month: Month, item: Item): string {
  return number.format(month[item])
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
