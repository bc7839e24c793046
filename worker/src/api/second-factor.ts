import type { Env } from '../env.ts'
import { hashToken } from '../security/passwords.ts'
import { newToken } from '../security/random.ts'
import type { Role } from '../security/roles.ts'
import { stepOf } from '../security/totp.ts'
import { hasFactor, readFactor, replaceRecoveryCodes, useRecoveryCode, useStep } from '../store/second-factors.ts'
import { readSettings, type Settings } from '../store/settings.ts'
import type { UserRow } from '../store/users.ts'

/** The state of a person's second factor. `required`: the settings demand one, and the person has none. */
export const FACTOR_STATES = ['on', 'off', 'required'] as const
export type FactorState = (typeof FACTOR_STATES)[number]

export async function factorState(env: Env, user: { id: string; role: Role }): Promise<FactorState> {
  if (await hasFactor(env, user.id)) return 'on'
  const { secondFactor } = await readSettings(env)
  return demands(secondFactor, user.role) ? 'required' : 'off'
}

/** Returns whether the settings demand a second factor of a role. */
function demands(setting: Settings['secondFactor'], role: Role): boolean {
  return setting === 'everybody' || (setting === 'administrators' && role === 'administrator')
}

/** How many recovery codes a person gets. Each is ten characters, 50 random bits. */
const CODES = 10
const CODE_LENGTH = 10

/** Makes new recovery codes, to be shown once. The ones before no longer count. */
export async function newRecoveryCodes(env: Env, user: string): Promise<string[]> {
  const codes = Array.from({ length: CODES }, () => newToken().slice(0, CODE_LENGTH))
  await replaceRecoveryCodes(env, user, await Promise.all(codes.map((code) => recoveryHash(user, code))))
  return codes.map((code) => `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`)
}

/** Uses up a code of the authenticator app, or a recovery code. Returns which it was; null if it is wrong or was used before. */
export async function codeFits(env: Env, user: UserRow, typed: string): Promise<'code' | 'recovery code' | null> {
  const code = typed.replace(/[\s-]/g, '').toLowerCase()
  // A recovery code counts even if the secret of the app cannot be decrypted any more.
  if (code.length === CODE_LENGTH) {
    return (await useRecoveryCode(env, user.id, await recoveryHash(user.id, code))) ? 'recovery code' : null
  }
  const factor = await readFactor(env, user.id)
  if (factor === null || !factor.counts) return null
  const step = stepOf(factor.secret, code, Date.now())
  return step !== null && (await useStep(env, user.id, step)) ? 'code' : null
}

function recoveryHash(user: string, code: string): Promise<string> {
  return hashToken(`${user} ${code}`)
}
