import { keyId } from '../worker/src/security/secrets.ts'
import { newKey, openMemory } from './memory.ts'
import { readSettings } from './settings.ts'

/*
 * Gives the local state a new encryption key and a new secret for the SFTP bridge (`npm run rotate-keys`). They are used from the
 * next start on. Muster then encrypts the stored secrets anew, so the earlier keys stay beside the new one.
 */
const { state } = readSettings(process.env)
const memory = openMemory(state)
const { encryptionKey, earlierKeys } = memory.values
const key = newKey()
memory.remember({ encryptionKey: key, earlierKeys: [encryptionKey, ...earlierKeys], bridgeSecret: newKey() })
console.log(`The new key is ${keyId(key)}; the one before was ${keyId(encryptionKey)}.`)
console.log(
  'It is used from the next start on. GET /api/encryption says how many secrets the earlier keys still encrypt.',
)
