import type { Channel, UnreachedReason } from '../../../worker/src/core/channels.ts'
import type { IconName } from '../parts/icon.tsx'

/** The channels in words: a name, and the end of “can be reached”. */
export const CHANNEL_WORDS: Record<Channel, { name: string; by: string; icon: IconName }> = {
  sms: { name: 'Text', by: 'by text', icon: 'message' },
  voice: { name: 'Voice', by: 'by voice', icon: 'phone' },
  pager: { name: 'Pager', by: 'by pager', icon: 'pager' },
  email: { name: 'E-mail', by: 'by e-mail', icon: 'email' },
}

/** Why a channel does not reach a contact, in words. */
export const UNREACHED_WORDS: Record<UnreachedReason, string> = {
  no_mobile: 'No mobile number',
  no_number: 'No telephone number',
  no_pager: 'No pager number',
  no_email: 'No e-mail address',
  opted_out: 'Opted out of texts',
}

const LIST = new Intl.ListFormat('en', { type: 'conjunction' })

/** Joins parts of a sentence: `by text, by voice, and by e-mail`. */
export function listed(parts: readonly string[]): string {
  return LIST.format(parts)
}
