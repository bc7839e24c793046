import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

/** What one start has to know of those before it. */
const storedSchema = z.object({
  /** 32 random bytes in base64. Without it the secrets of sources cannot be read again. */
  encryptionKey: z.string(),
  /** Shared by the Worker and the SFTP bridge: 32 random bytes in base64. */
  bridgeSecret: z.string().default(newKey),
  /** Whether the first administrator has been seen to sign in; from then on no password is passed or made. */
  administratorMade: z.boolean().default(false),
  /** Whether the demo sources were made: once deleted they stay away. */
  demoMade: z.boolean().default(false),
  /** The ports of the demo servers, which stand in the demo sources' addresses. */
  demoPort: z.number().nullable().default(null),
  demoS3Port: z.number().nullable().default(null),
  demoSftpPort: z.number().nullable().default(null),
  demoD4hPort: z.number().nullable().default(null),
  demoConnectPort: z.number().nullable().default(null),
  /** The private host key of the demo SFTP server, whose fingerprint is pinned in its source. */
  demoHostKey: z.string().nullable().default(null),
  /** Which version of its files the demo servers serve. */
  demoVersion: z.number().default(1),
})
type Stored = z.infer<typeof storedSchema>

/** The small file in the state folder that outlives a start; readable by its owner alone. */
export interface Memory {
  readonly values: Stored
  /** Stores the changes before it returns. */
  remember(changes: Partial<Stored>): void
}

/** Opens the memory in the state folder, making the folder and new keys at the first start. */
export function openMemory(state: string): Memory {
  mkdirSync(state, { recursive: true, mode: 0o700 })
  const path = join(state, 'local.json')
  const memory = {
    values: read(path),
    remember(changes: Partial<Stored>) {
      memory.values = { ...memory.values, ...changes }
      // Renamed into place, so that a stop in the middle cannot leave half a key.
      writeFileSync(`${path}.new`, `${JSON.stringify(memory.values, null, 2)}\n`, { mode: 0o600 })
      renameSync(`${path}.new`, path)
    },
  }
  memory.remember({})
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

function newKey(): string {
  return randomBytes(32).toString('base64')
}
