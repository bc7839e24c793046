import { factsOf } from '../../../worker/src/connections/facts.ts'
import { formOf } from '../connections/index.tsx'
import { Fold } from '../parts/fold.tsx'
import { ColumnFields } from './columns.tsx'
import type { SectionProps } from './draft.ts'
import { FetchingFields, fetchingWords } from './fetching.tsx'
import { CountryField, countryName, FormatFields } from './format.tsx'
import { RecordFields } from './record-fields.tsx'
import { RowRuleFields } from './row-rules.tsx'
import { Step } from './step.tsx'
import type { Testing } from './testing.ts'

/**
 * The settings by which rows become contacts: the criteria of a CRM, what each column becomes, and how the file is read.
 */
export function MappingFields({ draft, change, testing: { test } }: SectionProps & { testing: Testing }) {
  const section = { draft, change }
  const { connection } = draft
  const { gives, mapping: rule } = factsOf(connection)
  const crm = gives === 'records'
  const { criteria } = formOf(connection)
  return (
    <>
      {criteria === undefined ? null : (
        <Step id="criteria" title={criteria.title}>
          <criteria.Fields draft={connection} test={test} onChange={(next) => change({ connection: next })} />
        </Step>
      )}
      <Step id="columns" title={crm ? 'Fields' : 'Columns'}>
        {rule.by === 'fields' ? (
          <RecordFields {...section} test={test} rule={rule} />
        ) : (
          <ColumnFields {...section} test={test} />
        )}
        <RowRuleFields {...section} test={test} what={crm ? 'attribute' : 'column'} />
        {crm ? (
          <Fold title="How it is imported" set={`${fetchingWords(draft)} · ${countryName(draft)}`}>
            <CountryField {...section} />
            <FetchingFields {...section} />
          </Fold>
        ) : null}
      </Step>
      {crm ? null : (
        <Step id="reading" title="How it is read">
          <FormatFields {...section} />
        </Step>
      )}
    </>
  )
}
