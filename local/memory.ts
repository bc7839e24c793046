import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { makePrivate } from './private.ts'

/** The values that one start keeps for the next. */
const storedSchema = z.object({
  /** 32 random bytes in base64. Without this key the stored secrets of sources cannot be decrypted. */
  encryptionKey: z.string(),
  /** The keys before it (`npm run rotate-keys`), newest first. Secrets are encrypted anew while Muster runs. */
  earlierKeys: z.array(z.string()).default([]),
  /** Shared by the Worker and the SFTP bridge: 32 random bytes in base64. */
  bridgeSecret: z.string().default(newKey),
  /** Whether a start has seen the first administrator sign in. After that no password is passed on or made. */
  administratorMade: z.boolean().default(false),
  /** Whether the demo sources were made. A demo source that was deleted is not made again. */
  demoMade: z.boolean().default(false),
  /** The IDs of the demo sources. */
  demoSources: z.array(z.string()).default([]),
  /** The ports of the demo servers. They are part of the demo sources' addresses. */
  demoPort: z.number().nullable().default(null),
  demoS3Port: z.number().nullable().default(null),
  demoSftpPort: z.number().nullable().default(null),
  demoD4hPort: z.number().nullable().default(null),
  demoConnectPort: z.number().nullable().default(null),
  /** The private host key of the demo SFTP server, whose fingerprint is pinned in its source. */
  demoHostKey: z.string().nullable().default(null),
  /** The version of the files that the demo servers serve. */
  demoVersion: z.number().default(1),
})
type Stored = z.infer<typeof storedSchema>

/** The small file in the state folder that keeps values from start to start. Only its owner can read it. */
export interface Memory {
  readonly values: Stored
  /** Stores the changes before it returns. */
  remember(changes: Partial<Stored>): void
}

/** Opens the memory in the state folder, which becomes private. At the first start, makes the folder and new keys. */
export function openMemory(state: string): Memory {
  mkdirSync(state, { recursive: true, mode: 0o700 })
  makePrivate(state)
  const path = join(state, 'local.json')
  const first = read(path)
  const memory = {
    values: first,
    remember(changes: Partial<Stored>) {
      // Another process may have changed the keys.
      memory.values = { ...read(path), ...changes }
      // The file is renamed into place, so that a stop during the write cannot leave half a key.
      writeFileSync(`${path}.new`, `${JSON.stringify(memory.values, null, 2)}\n`, { mode: 0o600 })
      renameSync(`${path}.new`, path)
    },
  }
  memory.remember(first)
  return memory
}

function read(path: string): Stored {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    return storedSchema.parse({ encryptionKey: newKey() })
  }
  return storedSchema.parse(JSON.parse(text))
}

/** Returns a new key, 32 random bytes in base64. */
export function newKey(): string {
  return randomBytes(32).toString('base64')
}
