import type { ConnectionView } from '../../../worker/src/api/views/source.ts'
import { isSameServer } from '../../../worker/src/connections/facts.ts'
import type { Kind } from '../../../worker/src/connections/kind.ts'
import type { ConnectionDraft } from '../../../worker/src/connections/schema.ts'
import { connect } from './connect.tsx'
import { d4h } from './d4h.tsx'
import { https } from './https.tsx'
import type { KindChoice, KindFieldsProps, KindForm } from './kind.ts'
import { s3 } from './s3.tsx'
import { sftp } from './sftp.tsx'
import { upload } from './upload.tsx'

/** The form of each kind, in the order of the answers to “Where are the contacts?”. */
const KIND_FORMS: { readonly [K in Kind]: KindForm<K> } = { upload, https, sftp, s3, connect, d4h }

/** Every answer to “Where are the contacts?”. */
export const CONNECTION_CHOICES: readonly KindChoice<Kind>[] = Object.values(KIND_FORMS).flatMap(
  ({ choices }) => choices as readonly KindChoice<Kind>[],
)

/** The connection that a new source starts with. */
export const NEW_CONNECTION: ConnectionDraft = { kind: 'upload', once: true }

/** Returns the form of a connection's kind; its functions are for connections of that kind. */
export function formOf({ kind }: { kind: Kind }): KindForm<Kind> {
  return KIND_FORMS[kind] as KindForm<Kind>
}

/** Returns the answer that a connection is. */
export function choiceOf(draft: ConnectionDraft): KindChoice<Kind> | undefined {
  return formOf(draft).choices.find((choice) => choice.is(draft))
}

/** Returns a saved connection as the form edits it. */
export function draftOfConnection(view: ConnectionView): ConnectionDraft {
  return formOf(view).draft(view)
}

interface ConnectionProps extends Omit<KindFieldsProps<Kind>, 'saved'> {
  /** The saved connection, of whatever kind; null for a new source. */
  saved: ConnectionView | null
}

/** The fields of a connection’s kind. */
export function ConnectionFields({ saved, ...props }: ConnectionProps) {
  const { Fields } = formOf(props.draft)
  return <Fields {...props} saved={saved !== null && isSameServer(saved, props.draft) ? saved : null} />
}
