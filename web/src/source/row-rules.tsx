import type { TestView } from '../../../worker/src/api/views/source.ts'
import type { RowRule } from '../../../worker/src/core/mapping.ts'
import { headerKey } from '../../../worker/src/core/template.ts'
import { countOf } from '../format.ts'
import { CheckField } from '../parts/choice.tsx'
import { SelectField } from '../parts/field.tsx'
import { Fold } from '../parts/fold.tsx'
import { SuggestField } from '../parts/suggest-field.tsx'
import type { SectionProps } from './draft.ts'
import { LinesField } from './lines-field.tsx'

const DOES = [
  ['leaveOut', 'Leave out rows with'],
  ['keep', 'Keep only rows with'],
] as const
type Does = (typeof DOES)[number][0]

const NEW: RowRule = { column: '', leaveOut: [] }
const SHOWN = 4

interface RowRuleProps extends SectionProps {
  test: TestView | null
  /** The word for what a rule looks at. */
  what: 'column' | 'attribute'
}

/** The rules that leave rows out by the values of a column (design: Leaving rows out). */
export function RowRuleFields({ draft, change, test, what }: RowRuleProps) {
  const { rows } = draft
  const place = what === 'column' ? 'the file' : 'the service'
  const replace = (index: number, rule: RowRule) => change({ rows: rows.map((one, i) => (i === index ? rule : one)) })
  return (
    <Fold
      title={`${what === 'column' ? 'Rows' : 'Contacts'} that are left out`}
      set={rows.length === 0 ? 'None' : `By ${countOf(rows.length, 'rule')}`}
      open={rows.length > 0}
    >
      <p class="muted">
        For people who stay in {place} after they have left, such as those whose status is “deleted”. Who is left out
        counts as missing from {place}.
      </p>
      {rows.map((rule, index) => (
        // A rule has no name while it is edited, so its index is its key.
        <RuleFields
          key={index}
          path={`rows.${index}`}
          rule={rule}
          test={test}
          what={what}
          onChange={(next) => replace(index, next)}
          onRemove={() => change({ rows: rows.toSpliced(index, 1) })}
        />
      ))}
      <div class="actions">
        <button type="button" onClick={() => change({ rows: [...rows, NEW] })}>
          Add a rule
        </button>
      </div>
    </Fold>
  )
}

interface RuleProps extends Pick<RowRuleProps, 'test' | 'what'> {
  path: string
  rule: RowRule
  onChange: (rule: RowRule) => void
  onRemove: () => void
}

function RuleFields({ path, rule, test, what, onChange, onRemove }: RuleProps) {
  const { column } = rule
  const does: Does = rule.keep === undefined ? 'leaveOut' : 'keep'
  const values = rule.leaveOut ?? rule.keep
  const names = test?.attributes ?? test?.columns ?? []
  const seen = test?.columns.find(({ name }) => headerKey(name) === headerKey(column))?.samples ?? []
  const isBlank = (value: string) => value.trim() === ''
  return (
    <div class="fields-line">
      <SuggestField
        path={`${path}.column`}
        label={what === 'column' ? 'Column' : 'Attribute'}
        required
        value={column}
        options={names.map(({ name }) => ({ value: name }))}
        onChange={(next) => onChange({ ...rule, column: next })}
      />
      <SelectField
        path={path}
        label="What the rule does"
        value={does}
        options={DOES}
        onChange={(next) => onChange(ruleOf(column, next, values))}
      />
      <LinesField
        path={`${path}.${does}`}
        label="Values, one on each line"
        {...(seen.length > 0 && { hint: `For example: ${[...new Set(seen)].slice(0, SHOWN).join(' · ')}` })}
        lines={values.filter((value) => !isBlank(value))}
        onChange={(lines) => onChange(ruleOf(column, does, values.some(isBlank) ? [...lines, ''] : lines))}
      />
      <CheckField
        path={`${path}.blank`}
        label="Blank cells too"
        checked={values.some(isBlank)}
        onChange={(blank) => {
          const lines = values.filter((value) => !isBlank(value))
          onChange(ruleOf(column, does, blank ? [...lines, ''] : lines))
        }}
      />
      <button type="button" class="link" onClick={onRemove}>
        Remove<span class="hidden"> the rule about {column}</span>
      </button>
    </div>
  )
}

function ruleOf(column: string, does: Does, values: string[]): RowRule {
  return does === 'keep' ? { column, keep: values } : { column, leaveOut: values }
}
