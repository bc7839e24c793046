import { useState } from 'preact/hooks'
import type { TestView } from '../../../worker/src/api/views.ts'
import { builtInMapping } from '../../../worker/src/connections/mapping.ts'
import type { MappingColumn } from '../../../worker/src/core/mapping.ts'
import { headerKey } from '../../../worker/src/core/template.ts'
import { countOf } from '../format.ts'
import { RadioField } from '../parts/choice.tsx'
import { useFieldError } from '../parts/form.tsx'
import { Table } from '../parts/table.tsx'
import { ColumnTarget, HasListChoice, NumberTypeChoice, OtherValuesChoice } from './column-target.tsx'
import type { SectionProps } from './draft.ts'
import { FurtherTargets } from './further-targets.tsx'
import { type ColumnLine, columnLines, suggestedMapping } from './mapping.ts'
import { SmsValues } from './sms-values.tsx'

const OF_FILE = {
  legend: 'Which headers does the file have?',
  options: [
    { value: 'template', label: 'The template’s headers' },
    { value: 'own', label: 'Its own headers', hint: 'You say once what each column is for.' },
  ],
} as const
const BUILT_IN = {
  legend: 'What is imported?',
  options: [
    {
      value: 'template',
      label: 'What everybody has',
      hint: 'Name, numbers, e-mail address, groups and the like. There is nothing to map.',
    },
    { value: 'own', label: 'What you choose', hint: 'Custom fields too. You say once what each column is for.' },
  ],
} as const

/** The mapping of the columns (design: Mapping). `test` is the result of *Test connection*; null before a test. */
export function ColumnFields({ draft, change, test }: SectionProps & { test: TestView | null }) {
  const { mapping } = draft
  const builtIn = builtInMapping(draft.connection)
  const { legend, options } = builtIn === null ? OF_FILE : BUILT_IN
  // Keeps the mapping, so that trying the other answer loses nothing.
  const [before, setBefore] = useState(mapping)
  const choose = (value: 'template' | 'own') => {
    if (value === 'template') setBefore(mapping)
    change({ mapping: value === 'template' ? null : ownMapping(before ?? builtIn, test) })
  }
  return (
    <>
      <RadioField
        path="mapping"
        legend={legend}
        value={mapping === null ? 'template' : 'own'}
        options={options}
        onChange={choose}
      />
      {mapping === null ? null : (
        <OwnColumns mapping={mapping} builtIn={builtIn} test={test} onChange={(own) => change({ mapping: own })} />
      )}
      <SmsValues draft={draft} change={change} />
    </>
  )
}

/** Returns the mapping chosen before, or else the mapping that the file suggests. */
export function ownMapping(before: MappingColumn[] | null, test: TestView | null): MappingColumn[] {
  return before !== null && before.length > 0 ? before : suggestedMapping(test?.columns ?? [])
}

interface OwnColumnsProps {
  mapping: MappingColumn[]
  /** The mapping that the source’s kind brings along; null for a file. */
  builtIn: MappingColumn[] | null
  test: TestView | null
  onChange: (mapping: MappingColumn[]) => void
}

const BEFORE_TEST = 'Test the connection above to see all columns here.'
const AFTER_TEST =
  'Muster suggests what each column is for. Check every line; columns that are not imported do no harm.'

function OwnColumns({ mapping, builtIn, test, onChange }: OwnColumnsProps) {
  const error = useFieldError('mapping')
  const file = test === null || test.columns.length === 0 ? null : test.columns
  const lines = columnLines(mapping, file)
  const joined = new Set(mapping.flatMap(({ columns = [] }) => columns.map(headerKey)))
  const used = lines.filter(({ entry, name }) => entry !== null || joined.has(headerKey(name))).length
  return (
    <div class="own-columns">
      <p class="muted">
        {file === null ? BEFORE_TEST : AFTER_TEST} What is missing from the list has first to be set up on the{' '}
        <a href="/settings/fields">Fields</a> page.
      </p>
      {error === null ? null : <p class="error">{error}</p>}
      {lines.length === 0 ? null : (
        <>
          <Table
            label={builtIn === null ? 'Columns of the file' : 'Columns'}
            items={lines}
            keyOf={(line) => `${lines.indexOf(line)} ${line.name}`}
            columns={[
              { head: builtIn === null ? 'In the file' : 'Column', cell: (line) => <InFile line={line} /> },
              { head: 'Is for', cell: (line) => <ColumnTarget line={line} mapping={mapping} onChange={onChange} /> },
              {
                head: 'Values',
                cell: (line) => (
                  <>
                    <NumberTypeChoice line={line} mapping={mapping} onChange={onChange} />
                    <HasListChoice line={line} mapping={mapping} onChange={onChange} />
                    <OtherValuesChoice line={line} mapping={mapping} onChange={onChange} />
                  </>
                ),
              },
            ]}
          />
          <div class="actions">
            {file === null ? null : (
              <button type="button" onClick={() => onChange(builtIn ?? suggestedMapping(file))}>
                Start again from the suggestions
              </button>
            )}
            <span class="muted" aria-live="polite">
              {used} of {countOf(lines.length, 'column')} imported.
            </span>
          </div>
        </>
      )}
      <FurtherTargets mapping={mapping} names={(file ?? []).map(({ name }) => name)} onChange={onChange} />
    </div>
  )
}

const SHOWN = 3

const TROUBLE = {
  absent: 'Not there when the connection was tested.',
  repeated: 'The file has this header more than once. Rename one of them to import it.',
  nameless: 'Give this column a header to import it.',
} as const

function InFile({ line: { name, samples, trouble } }: { line: ColumnLine }) {
  return (
    <>
      <strong class="break">{name === '' ? 'No header' : name}</strong>
      {samples.length === 0 ? null : <p class="hint samples">{samples.slice(0, SHOWN).join(' · ')}</p>}
      {trouble === null ? null : <p class="hint">{TROUBLE[trouble]}</p>}
    </>
  )
}
