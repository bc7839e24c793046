import type { SectionProps } from '../source/draft.ts'
import { LiveResult } from '../source/live-result.tsx'
import { MappingFields } from '../source/mapping-fields.tsx'
import type { Testing } from '../source/testing.ts'

/** The second step: what each column becomes, and beside it what would come in. */
export function ColumnsStep({ draft, change, testing }: SectionProps & { testing: Testing }) {
  return (
    <div class="wizard-columns live">
      <div>
        <MappingFields draft={draft} change={change} testing={testing} />
      </div>
      <LiveResult draft={draft} testing={testing} />
    </div>
  )
}
