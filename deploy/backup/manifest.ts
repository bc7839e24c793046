import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod'

const FILE = 'manifest.json'

const tableSchema = z.object({
  /** How many lines its file has. A contact that changed during the backup has several; the last one counts. */
  lines: z.number(),
  /** The SHA-256 of its file, in hexadecimal digits. */
  sha256: z.string(),
})
export type CopiedTable = z.infer<typeof tableSchema>

const manifestSchema = z.object({
  /** The version of the backup's files. */
  format: z.literal(1),
  /** The version of Muster that made the backup. */
  version: z.string(),
  /** When the backup was complete (ISO 8601). */
  at: z.string(),
  /** The last migration that the database had. */
  migration: z.string(),
  tables: z.record(z.string(), tableSchema),
})
/**
 * What a backup consists of. Each table is a file of lines, `NAME.jsonl.gz`; a line is a JSON list of values, in the order of the
 * columns that the table has with the migrations up to `migration`.
 */
export type Manifest = z.infer<typeof manifestSchema>

/** Returns the path of a table's file. */
export function fileOf(folder: string, table: string): string {
  return join(folder, `${table}.jsonl.gz`)
}

/** Writes the manifest, which makes a backup complete. */
export function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(join(folder, FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
}

/** Reads the manifest, and checks the file of each table. Throws an `Error` that names a file that is missing or damaged. */
export async function readManifest(folder: string): Promise<Manifest> {
  let text: string
  try {
    text = readFileSync(join(folder, FILE), 'utf8')
  } catch {
    throw new Error(`${folder} has no ${FILE}, so it is no complete backup.`)
  }
  const parsed = manifestSchema.safeParse(JSON.parse(text))
  if (!parsed.success) throw new Error(`${folder} is a backup of another version: ${parsed.error.message}`)
  for (const [table, { sha256 }] of Object.entries(parsed.data.tables)) {
    const path = fileOf(folder, table)
    if ((await sha256Of(path).catch(() => null)) !== sha256) throw new Error(`${path} is missing or damaged.`)
  }
  return parsed.data
}

/** Returns the SHA-256 of a file, in hexadecimal digits. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
