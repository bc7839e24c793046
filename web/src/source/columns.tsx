import { useRef, useState } from 'preact/hooks'
import type { TestView } from '../../../worker/src/api/views/source.ts'
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

const BUILT_IN = [
  {
    value: 'template',
    label: 'What everybody has',
    hint: 'Name, numbers, e-mail address, groups and the like. There is nothing to map.',
  },
  { value: 'own', label: 'What you choose', hint: 'Custom fields too. You say once what each column is for.' },
] as const

/** The mapping of the columns (design: Mapping). `test` is the result of the last test; null before one. */
export function ColumnFields({ draft, change, test }: SectionProps & { test: TestView | null }) {
  const { mapping } = draft
  const builtIn = builtInMapping(draft.connection)
  // Keeps the mapping, so that trying the other answer loses nothing.
  const [before, setBefore] = useState(mapping)
  const choose = (value: 'template' | 'own') => {
    if (value === 'template') setBefore(mapping)
    change({ mapping: value === 'template' ? null : ownMapping(before ?? builtIn, test) })
  }
  return (
    <>
      {builtIn !== null ? (
        <RadioField
          path="mapping"
          legend="What is imported?"
          value={mapping === null ? 'template' : 'own'}
          options={BUILT_IN}
          onChange={choose}
        />
      ) : mapping === null ? (
        <TemplateHeaders test={test} onOwn={() => choose('own')} />
      ) : (
        <OwnHeaders mapping={mapping} test={test} onTemplate={() => choose('template')} />
      )}
      {mapping === null ? null : (
        <OwnColumns mapping={mapping} builtIn={builtIn} test={test} onChange={(own) => change({ mapping: own })} />
      )}
      <SmsValues draft={draft} change={change} />
    </>
  )
}

function TemplateHeaders({ test, onOwn }: { test: TestView | null; onOwn: () => void }) {
  return (
    <p>
      {test?.ok === true ? 'This file has the template’s headers: ' : 'With the template’s headers '}
      there is nothing to do here.{' '}
      <button type="button" class="link" data-path="mapping" onClick={onOwn}>
        Map the columns yourself
      </button>
    </p>
  )
}

interface OwnHeadersProps {
  mapping: readonly MappingColumn[]
  test: TestView | null
  onTemplate: () => void
}

function OwnHeaders({ mapping, test, onTemplate }: OwnHeadersProps) {
  // Of the first test: a field that is made meanwhile is suggested too, and was not matched.
  const first = useRef<number | null>(null)
  if (test !== null && test.columns.length > 0) first.current ??= suggestedMapping(test.columns).length
  const matched = first.current ?? 0
  return (
    <p>
      {test === null || test.columns.length === 0
        ? 'The file has headers of its own. All its columns are shown here once it has been tested.'
        : `These are the file’s own headers. ${matched} of ${countOf(test.columns.length, 'column')} ${
            matched === 1 ? 'was' : 'were'
          } matched for you: check each line.`}{' '}
      {mapping.length > 0 && test !== null ? null : (
        <button type="button" class="link" onClick={onTemplate}>
          It has the template’s headers
        </button>
      )}
    </p>
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

function OwnColumns({ mapping, builtIn, test, onChange }: OwnColumnsProps) {
  const error = useFieldError('mapping')
  const file = test === null || test.columns.length === 0 ? null : test.columns
  const lines = columnLines(mapping, file)
  const joined = new Set(mapping.flatMap(({ columns = [] }) => columns.map(headerKey)))
  const used = lines.filter(({ entry, name }) => entry !== null || joined.has(headerKey(name))).length
  return (
    <div class="own-columns">
      {error === null ? null : <p class="error">{error}</p>}
      {lines.length === 0 ? null : (
        <>
          <Table
            label={builtIn === null ? 'Columns of the file' : 'Columns'}
            items={lines}
            keyOf={(line) => `${lines.indexOf(line)} ${line.name}`}
            columns={[
              { head: builtIn === null ? 'Your column' : 'Column', cell: (line) => <InFile line={line} /> },
              {
                head: 'Becomes',
                cell: (line) => (
                  <>
                    <ColumnTarget line={line} mapping={mapping} onChange={onChange} />
                    <NumberTypeChoice line={line} mapping={mapping} onChange={onChange} />
                    <HasListChoice line={line} mapping={mapping} onChange={onChange} />
                  </>
                ),
              },
              {
                head: 'For example',
                cell: (line) => (
                  <>
                    <Samples samples={line.samples} />
                    <OtherValuesChoice line={line} mapping={mapping} onChange={onChange} />
                  </>
                ),
              },
            ]}
          />
          <div class="actions">
            <span class="muted" aria-live="polite">
              {used} of {countOf(lines.length, 'column')} imported.
            </span>
            {file === null ? null : (
              <button type="button" class="link" onClick={() => onChange(builtIn ?? suggestedMapping(file))}>
                Start again from the suggestions
              </button>
            )}
          </div>
        </>
      )}
      <FurtherTargets
        mapping={mapping}
        names={(file ?? []).map(({ name }) => name)}
        what="column"
        onChange={onChange}
      />
    </div>
  )
}

function Samples({ samples: [first = '–'] }: { samples: readonly string[] }) {
  return <p class="samples muted">{first}</p>
}

const TROUBLE = {
  absent: 'Not there when the connection was tested.',
  repeated: 'The file has this header more than once. Rename one of them to import it.',
  nameless: 'Give this column a header to import it.',
} as const

function InFile({ line: { name, trouble } }: { line: ColumnLine }) {
  return (
    <>
      <strong class="break">{name === '' ? 'No header' : name}</strong>
      {trouble === null ? null : <p class="hint">{TROUBLE[trouble]}</p>}
    </>
  )
}
