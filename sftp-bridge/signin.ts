import type { AnyAuthMethod, AuthenticationType } from 'ssh2'
import { Failure } from '../worker/src/core/failure.ts'
import { readPrivateKey } from './credentials.ts'
import type { Target } from './request.ts'

const NAMES: ReadonlyMap<AuthenticationType, string> = new Map([
  ['password', 'a password'],
  ['keyboard-interactive', 'a password'],
  ['publickey', 'a private key'],
])

/** Chooses the ways to sign in on one connection and their order, and the failure if none works (RFC 4252). */
export class SignIn {
  readonly #username: string
  #untried: AnyAuthMethod[] = []
  readonly #tried = new Set<string>()
  #accepted: readonly AuthenticationType[] = []

  /** Throws `Failure` `unauthorized` if the private key cannot be read. */
  constructor({ username, password, privateKey, passphrase }: Target) {
    this.#username = username
    if (privateKey !== null) {
      this.#untried.push({ type: 'publickey', username, key: readPrivateKey(privateKey, passphrase) })
    }
    if (password === null) return
    this.#untried.push({ type: 'password', username, password })
    this.#untried.push({
      type: 'keyboard-interactive',
      username,
      // Only a hidden prompt asks for the password. The answer to any other question is unknown.
      prompt: (_name, _instructions, _language, prompts, answer) =>
        answer(prompts.map((prompt) => (prompt.echo === true ? '' : password))),
    })
  }

  /**
   * Returns the next way to try, or false if all have been tried. `accepted` are the ways that the server accepts; null at
   * first.
   */
  next(accepted: readonly AuthenticationType[] | null): AnyAuthMethod | false {
    // An attempt without credentials makes the server name the ways that it accepts, and does not count as a failed
    // attempt.
    if (accepted === null) return { type: 'none', username: this.#username }
    this.#accepted = accepted
    const way = this.#untried.find(({ type }) => accepted.includes(type))
    if (way === undefined) return false
    const name = NAMES.get(way.type) ?? way.type
    this.#tried.add(name)
    // A password that was refused one way is not sent another way too: servers lock out users after many failed
    // attempts.
    this.#untried = this.#untried.filter(({ type }) => NAMES.get(type) !== name)
    return way
  }

  /** Returns the failure for an error of the connection if it is about signing in, else null. */
  failure(error: Error & { level?: string }): Failure | null {
    if (error.level !== 'client-authentication') return null
    const takes = [...new Set(this.#accepted.map((type) => NAMES.get(type)))].filter((name) => name !== undefined)
    if (this.#tried.size === 0) {
      return new Failure(
        'unauthorized',
        `The server wants ${takes.join(' or ') || 'a way to sign in that Muster does not have'} from this user.`,
        'Enter what the server asks for in the source’s settings.',
        { cause: error },
      )
    }
    return new Failure(
      'unauthorized',
      `The server refused the user name or ${[...this.#tried].join(' and ').replace(/\ba /g, 'the ')}.`,
      `Check both with the server’s administrator.${takes.length > 0 ? ` It takes ${takes.join(' or ')}.` : ''}`,
      { cause: error },
    )
  }

  /** Returns the failure for a user who was let in only to choose a new password. */
  expired(): Failure {
    return new Failure(
      'unauthorized',
      'The password has expired, and the server wants a new one.',
      'Change the password on the server, then enter the new one here.',
    )
  }
}
