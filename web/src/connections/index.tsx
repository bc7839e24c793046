import type { ConnectionView } from '../../../worker/src/api/views.ts'
import { CONNECT_CHOICES, ConnectFields, connectDraft, connectFacts } from './connect.tsx'
import { D4H_CHOICES, D4hFields, d4hDraft, d4hFacts } from './d4h.tsx'
import type { ChoosingFieldsProps, ConnectionChoice, ConnectionDraft } from './draft.ts'
import { HTTPS_CHOICES, HttpsFields, httpsDraft, httpsFacts } from './https.tsx'
import { S3_CHOICES, S3Fields, s3Draft, s3Facts } from './s3.tsx'
import { SFTP_CHOICES, SftpFields, sftpDraft, sftpFacts } from './sftp.tsx'

/** Every answer to “Where are the contacts?”. A kind that the schema has and this page has not fails the type check. */
export const CONNECTION_CHOICES: readonly ConnectionChoice[] = [
  ...HTTPS_CHOICES,
  ...SFTP_CHOICES,
  ...S3_CHOICES,
  ...CONNECT_CHOICES,
  ...D4H_CHOICES,
]

/** The connection of a source that is not there yet. */
export const NEW_CONNECTION: ConnectionDraft = { kind: 'https', url: '', username: null, password: null }

/** The answer that a connection is. */
export function choiceOf(draft: ConnectionDraft): ConnectionChoice | undefined {
  return CONNECTION_CHOICES.find((choice) => choice.is(draft))
}

/** A saved connection as the form edits it. */
export function draftOfConnection(view: ConnectionView): ConnectionDraft {
  switch (view.kind) {
    case 'https':
      return httpsDraft(view)
    case 's3':
      return s3Draft(view)
    case 'sftp':
      return sftpDraft(view)
    case 'connect':
      return connectDraft(view)
    case 'd4h':
      return d4hDraft(view)
  }
}

/** The fields of a connection’s kind. */
export function ConnectionFields({ draft, saved, test, onChange }: ChoosingFieldsProps<ConnectionDraft>) {
  switch (draft.kind) {
    case 'https':
      return <HttpsFields draft={draft} saved={saved} onChange={onChange} />
    case 's3':
      return <S3Fields draft={draft} saved={saved} onChange={onChange} />
    case 'sftp':
      return <SftpFields draft={draft} saved={saved} onChange={onChange} />
    case 'connect':
      return <ConnectFields draft={draft} saved={saved} onChange={onChange} />
    case 'd4h':
      return <D4hFields draft={draft} saved={saved} test={test} onChange={onChange} />
  }
}

/** A saved connection as names and values; a value of null says nothing. */
export function connectionFacts(view: ConnectionView): [string, string | null][] {
  switch (view.kind) {
    case 'https':
      return httpsFacts(view)
    case 's3':
      return s3Facts(view)
    case 'sftp':
      return sftpFacts(view)
    case 'connect':
      return connectFacts(view)
    case 'd4h':
      return d4hFacts(view)
  }
}

/** The connection with the server’s key pinned, where its kind has one. */
export function trusting(draft: ConnectionDraft, hostKey: string): ConnectionDraft {
  return draft.kind === 'sftp' ? { ...draft, hostKey } : draft
}
