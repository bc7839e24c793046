import { givesRecords, isUploaded } from '../../../worker/src/connections/facts.ts'
import { TextField } from '../parts/field.tsx'
import type { SectionProps } from '../source/draft.ts'
import { TemplateColumns, TemplateDownloads } from '../source/template.tsx'
import type { Testing } from '../source/testing.ts'
import { WhereFields } from '../source/where.tsx'

interface WhereStepProps extends SectionProps {
  testing: Testing
  onName: (name: string) => void
}

/** The first step: a file of this computer, an address or a service, and the name of the source. */
export function WhereStep({ draft, change, testing, onName }: WhereStepProps) {
  const records = givesRecords(draft.connection)
  const waits = isUploaded(draft.connection) && testing.file === null
  return (
    <div class="wizard-columns">
      <div class="block">
        <h2 class="hidden">Where the contacts are</h2>
        <WhereFields draft={draft} change={change} saved={null} testing={testing} />
        {waits ? null : (
          <TextField
            path="name"
            label="Name of this source"
            placeholder={records ? 'Named after the service' : 'Named after its file'}
            value={draft.name}
            onChange={onName}
          />
        )}
      </div>
      {records ? null : <TemplateOffer />}
    </div>
  )
}

function TemplateOffer() {
  return (
    <aside class="block quiet" aria-labelledby="template">
      <h2 id="template">No file yet?</h2>
      <p>
        Any spreadsheet with a row of headers will do: you say in the next step what each column is. Or fill in the
        template, whose headers need no mapping.
      </p>
      <TemplateDownloads />
      <TemplateColumns />
    </aside>
  )
}
