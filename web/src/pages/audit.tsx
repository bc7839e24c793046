import { useMemo } from 'preact/hooks'
import type { AuditView } from '../../../worker/src/api/views.ts'
import { useAll, useList } from '../load.ts'
import { List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { useMay } from '../session.ts'
import { useSourceNames } from '../source/names.ts'
import { AUDIT_WORDS, settingWords } from '../words.ts'

/** Who did what and when, for administrators. */
export function AuditPage() {
  const may = useMay()
  return (
    <Page title="Audit" up={{ href: '/settings', label: 'Settings' }}>
      {may.configure ? <Entries /> : <p class="muted">An administrator can read the audit.</p>}
    </Page>
  )
}

function Entries() {
  const list = useList('/api/audit', {})
  const sources = useSourceNames()
  const users = useAll('/api/users', {}).data
  const userNames = useMemo(() => new Map(users?.map(({ id, name }) => [id, name])), [users])
  const columns: Column<AuditView>[] = [
    { head: 'When', cell: ({ at }) => <When at={at} /> },
    { head: 'Who', cell: ({ actor }) => <span class="break">{actor ?? 'Muster'}</span> },
    { head: 'What', cell: ({ action }) => AUDIT_WORDS[action] },
    {
      head: 'Details',
      cell: (entry) => {
        const subject = subjectOf(entry, sources, userNames)
        const detail = detailOf(entry)
        // The name something was made with is told only where it has another one now.
        return (
          <span class="stack">
            {subject === null ? null : <a href={subject.href}>{subject.label}</a>}
            {detail === null || detail === subject?.label ? null : <span class="muted small break">{detail}</span>}
          </span>
        )
      },
    },
  ]
  return (
    <List list={list} empty={<p class="muted">Nothing is recorded.</p>}>
      {(entries) => <Table label="Audit" columns={columns} items={entries} keyOf={({ id }) => id} />}
    </List>
  )
}

type Names = ReadonlyMap<string, string>

/** The page that shows what an entry is about; null where none does, or it is gone. */
function subjectOf({ action, subject }: AuditView, sources: Names, users: Names) {
  if (subject === null) return null
  const id = encodeURIComponent(subject)
  switch (action) {
    case 'source_made':
    case 'source_changed':
    case 'webhook_made':
    case 'opt_outs_exported': {
      const label = sources.get(subject)
      return label === undefined ? null : { href: `/sources/${id}`, label }
    }
    case 'run_approved':
    case 'run_rejected':
    case 'run_undone':
    case 'run_cancelled':
    case 'snapshot_downloaded':
      return { href: `/runs/${id}`, label: 'The import' }
    case 'sms_opted_in':
    case 'sms_opted_out':
      return { href: `/contacts/${id}`, label: 'The contact' }
    case 'user_made':
    case 'user_changed': {
      const label = users.get(subject)
      return label === undefined ? null : { href: '/users', label }
    }
    default:
      return null
  }
}

/** What else is known: for a change, what was changed. */
function detailOf({ action, subject, detail }: AuditView): string | null {
  switch (action) {
    case 'settings_changed':
    case 'source_changed':
    case 'user_changed':
      return detail === null ? null : settingWords(detail)
    case 'field_changed':
      return detail === null ? subject : `${subject}: ${detail}`
    default:
      return detail
  }
}
