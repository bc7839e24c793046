import type { NotificationView } from '../../../worker/src/api/views/settings.ts'
import type { StateKind } from '../parts/state.tsx'

/** The states of an e-mail in words. */
export const MAIL_STATES: Record<NotificationView['status'], { text: string; kind: StateKind }> = {
  pending: { text: 'Being sent', kind: 'busy' },
  sent: { text: 'Sent', kind: 'ok' },
  failed: { text: 'Could not be sent', kind: 'bad' },
  not_needed: { text: 'Not needed', kind: 'quiet' },
}

/** What a code says and what to do about it. Codes without an entry are shown as they are. */
const REASONS: Readonly<Record<string, string>> = {
  E_RECIPIENT_SUPPRESSED:
    'The e-mail service sends nothing to this address, because e-mails to it came back or were marked as spam. Check the address, take it off the suppression list, and send again.',
  E_RECIPIENT_NOT_ALLOWED: 'The e-mail service is set up to send only to certain addresses, and this is none of them.',
  E_VALIDATION_ERROR: 'The e-mail service does not take this for an e-mail address.',
  E_DELIVERY_FAILED: 'The recipient’s mail server did not take the e-mail.',
  E_DAILY_LIMIT_EXCEEDED: 'The account has sent as many e-mails as it may in a day.',
  E_RATE_LIMIT_EXCEEDED: 'The account has sent as many e-mails as it may at a time.',
  E_SENDER_NOT_VERIFIED: 'The domain of the sender is not set up for sending yet.',
  E_SENDER_DOMAIN_NOT_AVAILABLE: 'The domain of the sender is not set up for sending yet.',
  http_404: 'There is no webhook at the address any more. Enter a new one on the page of the source, and send again.',
  http_410: 'The webhook at the address was closed. Enter a new one on the page of the source, and send again.',
  removed: 'The address was taken off the source.',
  unfinished: 'Muster broke off each time that it tried to send it.',
}

/** Returns why an e-mail could not be sent, in words if there are any for the code. */
export function reasonOf(code: string): string {
  return REASONS[code] ?? code
}

/** Returns the state of an e-mail to all its recipients. */
export function mailState({ status, sentAt }: Pick<NotificationView, 'status' | 'sentAt'>) {
  return status === 'failed' && sentAt !== null
    ? { text: 'Not sent to everybody', kind: 'bad' as const }
    : MAIL_STATES[status]
}
