import { env } from 'cloudflare:workers'
import { getTableColumns, getTableName } from 'drizzle-orm'
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import { expect, it } from 'vitest'
import { audits } from './audit.ts'
import { contacts } from './contacts.ts'
import { counters } from './counters.ts'
import { all, named } from './database.ts'
import { contactOptOuts, decisionHolders, decisions, numberOptOuts } from './decisions.ts'
import { deliveries } from './deliveries.ts'
import { erasures } from './erasures.ts'
import { fields } from './fields.ts'
import { groups } from './groups.ts'
import { heartbeats } from './heartbeats.ts'
import { hookCalls } from './hook-calls.ts'
import { groupReaches } from './kept-reach.ts'
import { notifications } from './notifications.ts'
import { contactNumbers } from './numbers.ts'
import { oneTimeTokens } from './one-time-tokens.ts'
import { optOutFiles } from './opt-out-files.ts'
import { forgottenRemovals } from './removals.ts'
import { idempotencyKeys, webhookCalls } from './requests.ts'
import { retentions } from './retention.ts'
import { runs } from './runs.ts'
import { recoveryCodes, secondFactors } from './second-factors.ts'
import { sessions } from './sessions.ts'
import { settings } from './settings.ts'
import { signInAttempts } from './sign-in-attempts.ts'
import { smsChanges } from './sms-changes.ts'
import { sources } from './sources.ts'
import { tokens } from './tokens.ts'
import { users } from './users.ts'

const DESCRIBED: SQLiteTable[] = [
  audits,
  contactNumbers,
  contactOptOuts,
  contacts,
  counters,
  decisionHolders,
  decisions,
  deliveries,
  erasures,
  fields,
  forgottenRemovals,
  groupReaches,
  groups,
  heartbeats,
  hookCalls,
  idempotencyKeys,
  notifications,
  numberOptOuts,
  optOutFiles,
  retentions,
  runs,
  sessions,
  settings,
  oneTimeTokens,
  recoveryCodes,
  secondFactors,
  signInAttempts,
  smsChanges,
  sources,
  tokens,
  users,
  webhookCalls,
]

interface Column {
  name: string
  type: string
  required: boolean
  /** The column's place in the primary key, from 1; 0 if it is not part of the key. */
  key: number
}

/** Returns the tables that migrations made, without those of the search index, of SQLite and of D1 itself. */
async function tables(): Promise<string[]> {
  const rows = await all<{ name: string }>(
    env,
    named(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'contact_search*'
      AND name NOT IN ('contact_term', 'contact_word') AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*' AND name <> 'd1_migrations' ORDER BY name`),
  )
  return rows.map(({ name }) => name)
}

async function columnsIn(table: string): Promise<Column[]> {
  const rows = await all<{ name: string; type: string; notnull: number; pk: number }>(
    env,
    named('SELECT name, type, "notnull", pk FROM pragma_table_info(:table) ORDER BY name', { table }),
  )
  return rows.map(({ name, type, notnull, pk }) => {
    return { name, type, required: notnull === 1 || pk > 0, key: pk }
  })
}

function columnsOf(table: SQLiteTable): Column[] {
  const key = getTableConfig(table).primaryKeys.flatMap(({ columns }) => columns.map(({ name }) => name))
  const columns = Object.values(getTableColumns(table)).map((column) => ({
    name: column.name,
    type: column.getSQLType().toUpperCase(),
    required: column.notNull,
    key: column.primary ? 1 : key.indexOf(column.name) + 1,
  }))
  return columns.sort((a, b) => (a.name < b.name ? -1 : 1))
}

it('drizzle describes every table that the migrations make, except the search index', async () => {
  expect(DESCRIBED.map(getTableName).sort()).toEqual(await tables())
})

it.each(DESCRIBED.map((table) => [getTableName(table), table] as const))(
  'the drizzle columns of %s equal those that the migrations make',
  async (name, table) => {
    expect(columnsOf(table)).toEqual(await columnsIn(name))
  },
)
