import type { AuditAction } from '../store/audit.ts'

/**
 * What each call records in the audit. A call that changes something and is not in this table does not compile. Only its type is
 * in the Worker.
 */
export const RECORDS = {
  'post /api/session': ['signed_in', 'sign_in_refused'],
  'post /api/session/second-factor': ['signed_in', 'sign_in_refused', 'recovery_code_used'],
  'post /api/session/confirm': ['identity_confirmed', 'sign_in_refused'],
  'put /api/session/password': ['password_changed', 'sign_in_refused'],
  'delete /api/session': ['signed_out'],
  'delete /api/account/sessions': ['sessions_ended'],
  'post /api/account/totp': ['second_factor_offered'],
  'post /api/account/totp/confirm': ['second_factor_on', 'sign_in_refused'],
  'delete /api/account/totp': ['second_factor_off'],
  'post /api/account/recovery-codes': ['recovery_codes_made'],
  'post /api/users/:id/invite': ['user_invited'],
  'post /api/invitations/accept': ['invitation_accepted'],
  'post /api/password-reset': ['password_reset_sent'],
  'post /api/password-reset/confirm': ['password_reset'],
  'post /api/tokens': ['token_made'],
  'delete /api/tokens/:id': ['token_revoked'],
  'post /api/sources': ['source_made'],
  'post /api/sources/test': ['connection_tested'],
  'patch /api/sources/:id': ['source_changed'],
  'delete /api/sources/:id': ['source_deleted'],
  'post /api/sources/:id/test': ['connection_tested'],
  'put /api/sources/:id/file': ['run_started'],
  'put /api/sources/:id/file/:name': ['run_started'],
  'post /api/sources/:id/runs': ['run_started'],
  'post /api/runs/:id/approve': ['run_approved'],
  'post /api/runs/:id/reject': ['run_rejected'],
  'post /api/runs/:id/undo': ['run_undone'],
  'post /api/runs/:id/cancel': ['run_cancelled'],
  'get /api/runs/:id/report.xlsx': ['report_downloaded'],
  'get /api/runs/:id/report.csv': ['report_downloaded'],
  'get /api/runs/:id/snapshot': ['snapshot_downloaded'],
  'post /api/sources/:id/webhook': ['webhook_made'],
  'post /api/sources/:id/webhook/test': ['webhook_tested'],
  'post /hooks/sources/:id': ['run_started'],
  'post /api/sms-webhook': ['sms_webhook_made'],
  'post /hooks/sms': ['sms_opted_in', 'sms_opted_out'],
  'get /api/contacts.csv': ['contacts_exported'],
  'get /api/contacts.xlsx': ['contacts_exported'],
  'post /api/contacts': ['contact_made'],
  'patch /api/contacts/:key': ['contact_changed'],
  'delete /api/contacts/:key': ['contact_removed'],
  'put /api/contacts/:key/sms-status': ['sms_opted_in', 'sms_opted_out'],
  'post /api/contacts/sms-status': ['sms_opted_in', 'sms_opted_out'],
  'get /api/sources/:id/opt-outs.csv': ['opt_outs_exported'],
  'get /api/decisions.csv': ['decisions_exported'],
  'get /api/contacts/:key/export': ['contact_taken_out'],
  'post /api/contacts/:key/erase': ['person_erased'],
  'delete /api/erasures/:id': ['erasure_lifted'],
  'post /api/groups': ['group_made'],
  'patch /api/groups/:id': ['group_changed'],
  'delete /api/groups/:id': ['group_deleted'],
  'post /api/fields': ['field_made'],
  'patch /api/fields/:key': ['field_changed'],
  'delete /api/fields/:key': ['field_deleted'],
  'post /api/users': ['user_made'],
  'patch /api/users/:id': ['user_changed'],
  'delete /api/users/:id': ['user_deleted'],
  'delete /api/users/:id/factors': ['second_factor_off'],
  'delete /api/users/:id/sessions': ['sessions_ended'],
  'post /api/notifications/:id/resend': ['notification_resent'],
  'post /api/notifications/test': ['channel_tested'],
  'post /api/demo': ['demo_made', 'demo_changed'],
  'delete /api/demo': ['demo_removed'],
  'get /api/audit.csv': ['audit_exported'],
  'patch /api/settings': ['settings_changed'],
} as const satisfies Record<string, readonly AuditAction[]>

/** The actions that a call may record; never if it is not in the table. */
export type RecordedBy<Call extends string> = Call extends keyof typeof RECORDS ? (typeof RECORDS)[Call][number] : never

/** Returns the actions that a call may record. */
export function recordedBy({ method, path }: { method: string; path: string }): readonly AuditAction[] {
  return new Map<string, readonly AuditAction[]>(Object.entries(RECORDS)).get(`${method} ${path}`) ?? []
}
