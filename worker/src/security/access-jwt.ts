import { decode, verifyWithJwks } from 'hono/jwt'
import type { HonoJsonWebKey } from 'hono/utils/jwt/jws'
import * as z from 'zod'

/** The header in which Cloudflare Access identifies the user. */
export const ACCESS_HEADER = 'Cf-Access-Jwt-Assertion'

/** An Access application: the issuer of its tokens (`https://TEAM.cloudflareaccess.com`) and its audience tag. */
export interface AccessApplication {
  issuer: string
  audience: string
}

const keysSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) })
/** Access always says when a token ends. One without an end would be good for ever, and the check of `exp` passes it. */
const claimsSchema = z.object({ email: z.email(), exp: z.number() })

/**
 * How long known keys are used, in milliseconds. Access changes its keys every six weeks and publishes the next ones
 * long before.
 */
const KEEP = 60 * 60_000
/**
 * How long to wait before fetching the keys again, in milliseconds. A token with an unknown key may come from a change
 * of keys or from an attacker, so it must not cause a fetch each time.
 */
const ASK_AGAIN = 60_000

let known: { issuer: string; keys: HonoJsonWebKey[]; at: number } | null = null

/**
 * Returns the e-mail address that Cloudflare Access confirms. Returns null if the token belongs to another application,
 * has expired, or belongs to a service and not to a person.
 */
export async function accessEmail(token: string, { issuer, audience }: AccessApplication): Promise<string | null> {
  try {
    const keys = await signingKeys(issuer, decode(token).header.kid)
    const verification = { iss: issuer, aud: audience, exp: true, nbf: true, iat: true }
    const claims = await verifyWithJwks(token, { keys, verification, allowedAlgorithms: ['RS256'] })
    const person = claimsSchema.safeParse(claims)
    return person.success ? person.data.email : null
  } catch {
    return null
  }
}

async function signingKeys(issuer: string, kid: string | undefined): Promise<HonoJsonWebKey[]> {
  const age = known?.issuer === issuer ? Date.now() - known.at : Number.POSITIVE_INFINITY
  const has = known?.keys.some((key) => key.kid === kid) ?? false
  if (known !== null && age < (has ? KEEP : ASK_AGAIN)) return known.keys
  const answer = await fetch(`${issuer}/cdn-cgi/access/certs`, { signal: AbortSignal.timeout(10_000) })
  const { keys } = keysSchema.parse(await answer.json())
  known = { issuer, keys, at: Date.now() }
  return keys
}
