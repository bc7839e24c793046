import type { Env } from '../env.ts'
import { DEVICE_LASTS, deviceOf, isKnownDevice } from '../security/device.ts'
import { weaknessOf } from '../security/password-rules.ts'
import { hashPassword, hashToken, isOutdated, verifyPassword } from '../security/passwords.ts'
import { newId, newToken } from '../security/random.ts'
import { insertSession } from '../store/sessions.ts'
import { ATTEMPTS_COUNT_FOR, type Bucket, releaseAttempt, reserveAttempt } from '../store/sign-in-attempts.ts'
import { rehashPassword, type UserRow } from '../store/users.ts'
import { clientNetwork } from './client-address.ts'
import { readCookie, writtenCookie } from './cookies.ts'
import { ApiError } from './problem.ts'

/** How long a session lasts at most, in milliseconds. */
const SESSION_LASTS = 12 * 60 * 60_000
/** The longest name of a browser that is kept. */
const LONGEST_CLIENT = 300

/** How many wrong guesses are judged in a quarter of an hour: for an account, from a client's network, and in all. */
const MOST = { account: 10, client: 50, all: 500 }

/** What is guessed. Guesses of the one do not count for the other. */
export type Guess = 'password' | 'code' | 'reset'

/**
 * Judges a guess. It is counted before `judge` is called and taken back unless `judge` returns false or null, so that of many guesses at
 * once only a few are judged. A device that the person has signed in from counts for itself, so that strangers cannot lock the
 * person out. `account` is what the guess is about: an e-mail address or a user's ID. Throws `ApiError` 429.
 */
export async function judged<Verdict>(
  env: Env,
  request: Request,
  guess: Guess,
  { account, user }: { account: string; user: UserRow | null },
  judge: () => Promise<Verdict>,
): Promise<Verdict> {
  const now = Date.now()
  const device = readCookie(request, 'device')
  const known = user !== null && isKnownDevice(env, user, device, now)
  const network = clientNetwork(request)
  const buckets: Bucket[] = known
    ? [{ name: `${guess} device ${await hashToken(device ?? '')}`, most: MOST.account }]
    : [
        { name: `${guess} ${(await hashToken(account.toLowerCase())).slice(0, 32)}`, most: MOST.account },
        ...(network === null ? [] : [{ name: `${guess} from ${network}`, most: MOST.client }]),
        { name: guess, most: MOST.all },
      ]
  const reserved = await reserveAttempt(env, buckets, now)
  if (reserved === null) throw tooMany()
  const verdict = await judge()
  if (verdict) await releaseAttempt(env, reserved)
  return verdict
}

function tooMany(): ApiError {
  const minutes = ATTEMPTS_COUNT_FOR / 60_000
  return new ApiError(429, 'too_many_attempts', `Too many wrong attempts. Wait ${minutes} minutes, and try again.`)
}

/** Returns whether the password is right. If it is stored in an older form, stores it in the current one. */
export async function passwordFits(env: Env, user: UserRow | null, password: string): Promise<boolean> {
  const stored = user?.password ?? null
  if (!(await verifyPassword(password, stored)) || user === null || stored === null) return false
  if (isOutdated(stored)) {
    const after = await hashPassword(password)
    await rehashPassword(env, user.id, stored, after)
    user.password = after
  }
  return true
}

/** Starts a session of a person who has shown who they are. Returns the headers that set its cookies. */
export async function startSession(env: Env, request: Request, user: UserRow): Promise<Headers> {
  const now = Date.now()
  const token = newToken()
  await insertSession(env, {
    tokenHash: await hashToken(token),
    user: user.id,
    expiresAt: now + SESSION_LASTS,
    id: newId(),
    createdAt: now,
    seenAt: now,
    confirmedAt: now,
    client: request.headers.get('User-Agent')?.slice(0, LONGEST_CLIENT) ?? null,
  })
  const headers = new Headers()
  headers.append('Set-Cookie', writtenCookie(request, 'session', token, SESSION_LASTS / 1000))
  headers.append('Set-Cookie', writtenCookie(request, 'device', deviceOf(env, user, now), DEVICE_LASTS))
  return headers
}

/** Throws `ApiError` 400 if a new password is too easy to guess. `own`: see `weaknessOf`. */
export function requireStrong(password: string, own: readonly (string | null)[]): void {
  const message = weaknessOf(
    password,
    own.filter((text) => text !== null),
  )
  if (message !== null) throw new ApiError(400, 'invalid', message, { errors: [{ path: 'password', message }] })
}

/** Returns whether Cloudflare Access lets people in. Passwords, invitations and second factors are then off. */
export function behindAccess(env: Env): boolean {
  return env.ACCESS_ISSUER !== undefined && env.ACCESS_AUDIENCE !== undefined
}

/** Throws `ApiError` 403 behind Cloudflare Access, whose own sign-in would otherwise be avoided. */
export function requirePasswords(env: Env): void {
  if (!behindAccess(env)) return
  throw new ApiError(403, 'passwords_off', 'Sign in through Cloudflare Access. Muster has no passwords behind it.')
}
