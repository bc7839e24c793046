import type { ContactDetails, NumberType, SmsStatus } from './contact.ts'

/** The ways to reach a contact. */
export const CHANNELS = ['sms', 'voice', 'pager', 'email'] as const
export type Channel = (typeof CHANNELS)[number]

/** Why a channel does not reach a contact. */
export const UNREACHED_REASONS = ['no_mobile', 'no_number', 'no_pager', 'no_email', 'opted_out'] as const
export type UnreachedReason = (typeof UNREACHED_REASONS)[number]

/** The types of numbers that a channel uses (seed: Number Type). */
export const CHANNEL_NUMBERS: Record<Exclude<Channel, 'email'>, readonly NumberType[]> = {
  sms: ['mobile'],
  voice: ['mobile', 'landline'],
  pager: ['pager'],
}

/** The reason for a contact without a number or address for a channel. */
export const CHANNEL_LACKS: Record<Channel, UnreachedReason> = {
  sms: 'no_mobile',
  voice: 'no_number',
  pager: 'no_pager',
  email: 'no_email',
}

/** Returns why a channel does not reach a contact; nothing if it does. A contact that has opted out gets no text. */
export function reasonsAgainst(
  channel: Channel,
  { numbers, emails }: Pick<ContactDetails, 'numbers' | 'emails'>,
  status: SmsStatus,
): UnreachedReason[] {
  const has =
    channel === 'email' ? emails.length > 0 : numbers.some(({ type }) => CHANNEL_NUMBERS[channel].includes(type))
  const isOut = channel === 'sms' && status === 'opted_out'
  return [...(has ? [] : [CHANNEL_LACKS[channel]]), ...(isOut ? (['opted_out'] as const) : [])]
}
