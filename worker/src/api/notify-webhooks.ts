import { httpUrl } from '../connections/members.ts'
import { Failure } from '../core/failure.ts'
import type { WebhookSetting } from '../core/source.ts'
import type { Env } from '../env.ts'
import { refuseAddress } from '../security/address.ts'
import { newId } from '../security/random.ts'
import { unlessUnreadable } from '../security/secrets.ts'
import { insertWebhook, readWebhook, type StoredWebhook } from '../store/webhooks.ts'
import { ApiError } from './problem.ts'

/** What takes the place of the part of an address that is not shown. */
const HIDDEN = '/…'

/**
 * Returns the webhooks of a source as they are stored in its settings, without their addresses and secrets, which are stored
 * apart first. `before`: those that the source has. Throws `ApiError` 400.
 */
export async function storedWebhooks(
  env: Env,
  sent: readonly WebhookSetting[],
  before: readonly WebhookSetting[] = [],
): Promise<WebhookSetting[]> {
  const stored: WebhookSetting[] = []
  for (const [at, one] of sent.entries()) stored.push(await storedWebhook(env, one, before, `notify.webhooks.${at}`))
  return stored
}

async function storedWebhook(
  env: Env,
  sent: WebhookSetting,
  before: readonly WebhookSetting[],
  path: string,
): Promise<WebhookSetting> {
  const { known, shown, whole, isKept } = await wholeWebhook(env, sent, before, path)
  if (known !== undefined && isKept) return known
  const made = { id: newId(), kind: sent.kind, url: shown, secret: null, hasSecret: whole.secret !== null }
  await insertWebhook(env, made.id, whole)
  return made
}

/**
 * Returns a webhook with the address and the secret that are not shown. `before`: the webhooks of its source; `known`: the one of
 * them that it was; `isKept`: nothing of it is changed. `path`: of the webhook in the body. Throws `ApiError` 400.
 */
export async function wholeWebhook(
  env: Env,
  { id, kind, url, secret }: WebhookSetting,
  before: readonly WebhookSetting[],
  path: string,
): Promise<{ known: WebhookSetting | undefined; shown: string; whole: StoredWebhook; isKept: boolean }> {
  const known = before.find((one) => one.id === id && one.kind === kind)
  const kept = known === undefined ? null : await unlessUnreadable(readWebhook(env, known.id), null)
  const isShown = url.endsWith(HIDDEN)
  if (isShown && (kept === null || known?.url !== url)) {
    throw refused(`${path}.url`, 'The part of this address after the host is not shown. Enter the whole address again.')
  }
  const address = isShown ? (kept?.url ?? url) : url
  const shown = isShown ? url : checkedAddress(env, address, `${path}.url`)
  if (kind !== 'muster' && secret !== null) {
    throw refused(`${path}.secret`, 'Only the kind muster is signed. Leave the secret out, or set it to null.')
  }
  // As with a connection, a secret is for the host that it was entered for.
  const signs = kind !== 'muster' ? null : (secret ?? (known?.url === shown ? (kept?.secret ?? null) : null))
  if (kind === 'muster' && signs === null) {
    throw refused(`${path}.secret`, 'Enter a secret of at least 16 characters, by which the receiver knows the events.')
  }
  const isKept = kept?.url === address && kept.secret === signs
  return { known, shown, whole: { url: address, secret: signs }, isKept }
}

/** Returns the part of an address that is shown. Throws `ApiError` 400 if nothing may be sent there. */
function checkedAddress(env: Env, text: string, path: string): string {
  const { error } = httpUrl.safeParse(text)
  const [issue] = error?.issues ?? []
  if (issue !== undefined) throw refused(path, issue.message)
  const url = new URL(text)
  try {
    refuseAddress(url, { allowLoopback: env.ALLOW_LOOPBACK === '1' })
  } catch (error) {
    if (error instanceof Failure) throw refused(path, error.message)
    throw error
  }
  return url.origin + HIDDEN
}

function refused(path: string, message: string): ApiError {
  return new ApiError(400, 'invalid', `The body is not valid. ${message}`, { errors: [{ path, message }] })
}
