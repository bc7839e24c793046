import { createPrivateKey } from 'node:crypto'
import ssh2, { type ParsedKey } from 'ssh2'
import { Failure } from '../worker/src/core/failure.ts'

const NEEDS_PASSPHRASE = /no passphrase given|interrupted or cancelled|MISSING_PASSPHRASE/i
const ENCRYPTED_PEM = /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m
const BAD_PASSPHRASE = /bad passphrase|integrity check failed|bad decrypt|BAD_DECRYPT/i

/**
 * Reads a private key in OpenSSH's own format, PEM (PKCS #1, SEC 1, PKCS #8) or PuTTY's version 2, and decrypts it if
 * it has a passphrase. Throws `Failure` `unauthorized` if the passphrase is missing or wrong, or if the text is not a
 * private key that the bridge can use.
 */
export function readPrivateKey(text: string, passphrase: string | null): ParsedKey {
  try {
    const key = ssh2.utils.parseKey(asReadable(text.trim(), passphrase), passphrase ?? undefined)
    if (key instanceof Error) throw key
    if (!key.isPrivateKey()) throw new Error('a public key')
    return key
  } catch (error) {
    const reason = `${error instanceof Error && 'code' in error ? error.code : ''} ${error}`
    throw keyFailure(reason, passphrase !== null, ENCRYPTED_PEM.test(text))
  }
}

/**
 * Converts a PEM key to a form that ssh2 reads. ssh2 cannot read PKCS #8 and reports a wrong passphrase of a PEM key as
 * damage; Node reads every PEM form of RSA and EC.
 */
function asReadable(text: string, passphrase: string | null): string {
  if (!/^-----BEGIN (RSA |EC |ENCRYPTED )?PRIVATE KEY-----/.test(text)) return text
  const key = createPrivateKey({ key: text, format: 'pem', ...(passphrase === null ? {} : { passphrase }) })
  if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString()
  if (key.asymmetricKeyType === 'ec') return key.export({ type: 'sec1', format: 'pem' }).toString()
  return text
}

/**
 * `encrypted`: the key is an encrypted PEM. One wrong passphrase in 256 decrypts it to something that only looks damaged,
 * because nothing but the padding shows that a passphrase is wrong.
 */
function keyFailure(reason: string, hasPassphrase: boolean, encrypted: boolean): Failure {
  if (!hasPassphrase && NEEDS_PASSPHRASE.test(reason)) {
    return new Failure(
      'unauthorized',
      'The private key is protected by a passphrase.',
      'Enter the passphrase of the private key.',
    )
  }
  if (hasPassphrase && (encrypted || BAD_PASSPHRASE.test(reason))) {
    return new Failure(
      'unauthorized',
      'The passphrase does not open the private key.',
      'Enter the passphrase that was chosen when the key was made. It is not the password of the account.',
    )
  }
  return new Failure(
    'unauthorized',
    'The private key cannot be read.',
    'Paste the whole private key (not the .pub file), with its BEGIN and END lines: Ed25519, ECDSA or RSA in OpenSSH or PEM format. In PuTTYgen, use Conversions › Export OpenSSH key.',
  )
}
