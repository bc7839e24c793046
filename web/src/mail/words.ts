import type { NotificationView } from '../../../worker/src/api/views.ts'
import type { StateKind } from '../parts/state.tsx'

/** The states of an e-mail in words. */
export const MAIL_STATES: Record<NotificationView['status'], { text: string; kind: StateKind }> = {
  pending: { text: 'Being sent', kind: 'busy' },
  sent: { text: 'Sent', kind: 'ok' },
  failed: { text: 'Could not be sent', kind: 'bad' },
  not_needed: { text: 'Not needed', kind: 'quiet' },
}
