import type { AuditView } from '../../../worker/src/api/views/settings.ts'
import { hrefOf } from '../router.ts'
import { changeLines } from '../words.ts'

/** Names by ID. */
export type Names = ReadonlyMap<string, string>

/** The kinds of subject that have a page. */
type About = 'source' | 'run' | 'contact' | 'user'

interface Action {
  /** The action in words that follow the actor. */
  words: string
  /** Null if no page shows the subject or the subject is deleted. */
  about: About | null
  /** Returns the lines of the detail in words; left out if the detail can be shown as it is. */
  lines?(detail: string, entry: AuditView): string[]
}

/** Every action that the audit has, in words. */
export const ACTIONS: Record<AuditView['action'], Action> = {
  signed_in: { words: 'Signed in', about: null },
  sign_in_refused: { words: 'Failed to sign in', about: null },
  identity_confirmed: { words: 'Confirmed their password', about: null },
  signed_out: { words: 'Signed out', about: null },
  sessions_ended: { words: 'Ended sessions', about: 'user', lines: () => [] },
  second_factor_offered: { words: 'Began to set up an authenticator app', about: 'user' },
  second_factor_on: { words: 'Turned on an authenticator app', about: 'user' },
  second_factor_off: { words: 'Turned off an authenticator app', about: 'user' },
  recovery_codes_made: { words: 'Made new recovery codes', about: 'user' },
  recovery_code_used: { words: 'Signed in with a recovery code', about: 'user' },
  user_invited: { words: 'Invited a user', about: 'user' },
  invitation_accepted: { words: 'Accepted an invitation', about: 'user' },
  password_reset_sent: { words: 'Sent a link for a new password', about: 'user' },
  password_reset: { words: 'Chose a new password by link', about: 'user' },
  password_changed: { words: 'Changed their own password', about: null },
  settings_changed: { words: 'Changed the settings', about: null, lines: changeLines },
  sms_webhook_made: { words: 'Made a secret for inbound texts', about: null },
  source_made: { words: 'Added a source', about: 'source' },
  source_changed: { words: 'Changed a source', about: 'source', lines: changeLines },
  source_deleted: { words: 'Deleted a source', about: null },
  connection_tested: { words: 'Tested a connection', about: 'source' },
  webhook_made: { words: 'Made a secret for a source’s webhook', about: 'source' },
  webhook_tested: { words: 'Tested the webhook of a source', about: 'source' },
  channel_tested: { words: 'Sent a test to a channel or program', about: 'source' },
  opt_outs_exported: { words: 'Downloaded a source’s opt-outs', about: 'source' },
  run_started: { words: 'Started an import', about: 'run', lines: (mode) => (mode === 'apply' ? [] : [mode]) },
  run_approved: { words: 'Approved an import', about: 'run' },
  run_rejected: { words: 'Rejected an import', about: 'run' },
  run_undone: { words: 'Undid an import', about: 'run' },
  run_cancelled: { words: 'Cancelled an import', about: 'run' },
  snapshot_downloaded: { words: 'Downloaded the file of an import', about: 'run' },
  report_downloaded: { words: 'Downloaded the report of an import', about: 'run' },
  contact_made: { words: 'Added a contact', about: 'contact' },
  contact_changed: { words: 'Changed a contact', about: 'contact' },
  contact_removed: { words: 'Removed a contact', about: 'contact' },
  group_made: { words: 'Added a group', about: null },
  group_changed: { words: 'Renamed a group', about: null, lines: changeLines },
  group_deleted: { words: 'Deleted a group', about: null },
  sms_opted_in: { words: 'Opted a contact in', about: 'contact' },
  sms_opted_out: { words: 'Opted a contact out', about: 'contact' },
  contacts_exported: { words: 'Downloaded the contacts', about: null },
  decisions_exported: { words: 'Downloaded the consent decisions', about: null },
  contact_taken_out: { words: 'Downloaded everything about a person', about: 'contact' },
  person_erased: { words: 'Erased a person', about: null },
  erasure_lifted: { words: 'Lifted an erasure', about: null },
  field_made: { words: 'Added a custom field', about: null },
  field_changed: { words: 'Changed a custom field', about: null, lines: fieldLines },
  field_deleted: { words: 'Deleted a custom field', about: null },
  user_made: { words: 'Added a user', about: 'user' },
  user_changed: { words: 'Changed a user', about: 'user', lines: changeLines },
  user_deleted: { words: 'Deleted a user', about: null },
  token_made: { words: 'Made an API token', about: null },
  token_revoked: { words: 'Revoked an API token', about: null },
  token_refused: { words: 'Refused: unknown or expired API token', about: null },
  signature_refused: { words: 'Refused: missing or wrong signature', about: 'source' },
  access_refused: { words: 'Refused: not allowed', about: null },
  notification_resent: { words: 'Sent an e-mail again', about: null },
  demo_made: { words: 'Made the demo', about: null },
  demo_changed: { words: 'Changed the demo’s files', about: null },
  demo_removed: { words: 'Removed the demo', about: null },
  audit_exported: { words: 'Downloaded the audit', about: null },
  secrets_resealed: { words: 'Encrypted stored secrets with the new key', about: null },
}

/** Returns the page of an entry’s subject and its name, or null if it has no page or is deleted. */
export function subjectOf({ action, subject, sourceId }: AuditView, sources: Names, users: Names) {
  const { about } = ACTIONS[action]
  if (subject === null || about === null) return null
  switch (about) {
    case 'source': {
      const label = sources.get(subject)
      return label === undefined ? null : { href: hrefOf('/sources/:id', { id: subject }), label }
    }
    case 'run':
      // A run that was deleted is of no source.
      if (sourceId === null) return null
      return { href: hrefOf('/runs/:id', { id: subject }), label: sources.get(sourceId) ?? 'A deleted source' }
    case 'contact':
      return { href: hrefOf('/contacts/:key', { key: subject }), label: 'Contact' }
    case 'user': {
      const label = users.get(subject)
      return label === undefined ? null : { href: '/settings/users', label }
    }
  }
}

/** Returns the lines of an entry's detail in words. */
export function linesOf(entry: AuditView): string[] {
  const { detail } = entry
  if (detail === null) return []
  return ACTIONS[entry.action].lines?.(detail, entry) ?? [detail]
}

function fieldLines(detail: string, { subject }: AuditView): string[] {
  return [subject ?? '', ...changeLines(detail)]
}
