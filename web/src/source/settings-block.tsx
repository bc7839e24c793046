import type { SourceView } from '../../../worker/src/api/views.ts'
import { givesRecords } from '../../../worker/src/connections/facts.ts'
import { formOf } from '../connections/index.tsx'
import { Block, Facts } from '../parts/page.tsx'
import { useMay } from '../session.ts'

const WHEN = { always: 'after every import', problems: 'only with new problems', never: 'never' } as const

/** The seed’s *Import Settings* block, with its *Edit* link. */
export function SettingsBlock({ source }: { source: SourceView }) {
  const may = useMay()
  const { connection, mapping, removal, covers, changesOnly, notify, limits } = source
  const on = Object.values(limits).filter((limit) => limit !== null).length
  const { emails, when } = notify
  const reports = emails.length === 0 || when === 'never' ? 'To nobody' : `${emails.join(', ')}, ${WHEN[when]}`
  return (
    <Block
      title="Import settings"
      aside={
        may.configure ? (
          <a href={`/sources/${encodeURIComponent(source.id)}/edit`}>
            Edit<span class="hidden"> import settings</span>
          </a>
        ) : null
      }
    >
      <Facts
        items={[
          ...formOf(connection).summary(connection),
          ['Columns', mapping === null ? null : `Its own, ${mapping.length} imported`],
          ['Scheduled imports fetch', changesOnly && givesRecords(connection) ? 'Only what has changed' : null],
          ['Who is no longer there', removal === 'keep' ? 'Kept' : 'Removed'],
          ['Covers', covers === 'directory' ? 'The whole directory' : null],
          ['Limits', `${on} of ${Object.keys(limits).length} are on`],
          ['Reports', reports],
        ]}
      />
    </Block>
  )
}
