import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { Failure } from '../worker/src/core/failure.ts'
import { readPrivateKey } from './credentials.ts'

it.each([
  ['PKCS #8', 'pkcs8'],
  ['SEC 1', 'sec1'],
] as const)('every wrong passphrase of an encrypted key in %s is named as one', (_, type) => {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse' },
  })
  expect(readPrivateKey(privateKey, 'correct horse').type).toBe('ecdsa-sha2-nistp256')
  const messages = new Set<string>()
  // One passphrase in 256 gives a valid padding.
  for (let i = 0; i < 1500; i++) {
    try {
      readPrivateKey(privateKey, `wrong horse ${i}`)
    } catch (error) {
      messages.add(error instanceof Failure ? error.message : String(error))
    }
  }
  expect([...messages]).toEqual(['The passphrase does not open the private key.'])
})
