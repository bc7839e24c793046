import { givesRecords } from '../../../worker/src/connections/facts.ts'
import { CheckField } from '../parts/choice.tsx'
import type { SectionProps } from './draft.ts'

/** Whether a new source is enabled, and what that locks. */
export function EnableField({ draft, change }: SectionProps) {
  const { connection, enabled } = draft
  const place = givesRecords(connection) ? 'the CRM' : 'the file'
  const once = connection.kind === 'upload' && connection.once === true
  return (
    <>
      <CheckField
        path="enabled"
        label="Enable this source"
        hint={
          once
            ? 'While its import runs, contacts and groups cannot be changed by hand. The source is off afterwards, and they can be again.'
            : `From then on contacts and groups are changed in ${place} only, and not by hand in Muster. Opt-outs can still be set here.`
        }
        checked={enabled}
        onChange={(next) => change({ enabled: next })}
      />
      {enabled ? null : <p class="muted">A source that is not enabled can be previewed, but imports nothing.</p>}
    </>
  )
}
