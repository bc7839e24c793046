import { NUMBER_TYPES } from '../../../worker/src/core/contact.ts'
import { type MappingColumn, mayBeTranslated } from '../../../worker/src/core/mapping.ts'
import { headerKey } from '../../../worker/src/core/template.ts'
import { useFields, useTargetWord } from '../field/definitions.ts'
import { CheckField } from '../parts/choice.tsx'
import { SelectField } from '../parts/field.tsx'
import { useMay } from '../session.ts'
import { NUMBER_TYPE_WORDS } from '../words.ts'
import { type ColumnLine, kindOf, mapped, targetsFor } from './mapping.ts'
import { useNewField } from './new-field.tsx'
import { OtherValues } from './other-values.tsx'

interface LineProps {
  line: ColumnLine
  mapping: MappingColumn[]
  onChange: (mapping: MappingColumn[]) => void
}

/** A suggestion with a lower confidence is shown as a guess. */
const SURE = 0.6

/** The value of the choice that makes a field. No target has it. */
const CREATE = '+'

/** The choice of a column’s target. Its last choice makes a field that is named after the column. */
export function ColumnTarget({ line, mapping, onChange }: LineProps) {
  const { entry, name, suggestion, trouble } = line
  const { fields } = useFields()
  const word = useTargetWord()
  const may = useMay()
  const field = useNewField((to) => onChange(mapped(mapping, line, to)))
  if (entry === null && (trouble === 'repeated' || trouble === 'nameless')) return <span class="muted">Left out</span>
  const options = [
    ['', 'Leave out'],
    ...targetsFor(mapping, fields.keys()).map((target) => [target, word(target)] as const),
    ...(!may.configure || (entry !== null && field.made === entry.to) ? [] : [[CREATE, `Create “${name}”…`] as const]),
  ] as const
  const guess = suggestion !== null && entry?.to === suggestion.to && suggestion.confidence < SURE
  const hint = guess ? { hint: 'A guess: please check.' } : likely(line, mapping, word)
  return (
    <>
      <SelectField
        path={pathOf(line, mapping, 'to')}
        label={<span class="hidden">What “{name}” becomes</span>}
        value={entry?.to ?? ''}
        options={options}
        onChange={(to) => (to === CREATE ? field.make(name) : onChange(mapped(mapping, line, to)))}
        {...hint}
      />
      {field.note(entry?.to ?? null)}
    </>
  )
}

/**
 * Returns the hint for a column that is not imported by itself: what it is joined for, or its suggested target if no other
 * column has that target.
 */
function likely(
  { entry, suggestion, name }: ColumnLine,
  mapping: readonly MappingColumn[],
  word: (target: string) => string,
): { hint?: string } {
  const joined = mapping.find(({ columns }) => columns?.some((one) => headerKey(one) === headerKey(name)))
  if (entry === null && joined !== undefined) return { hint: `Joined with others: ${word(joined.to)}` }
  if (entry !== null || suggestion === null || mapping.some(({ to }) => to === suggestion.to)) return {}
  return { hint: `Looks like: ${word(suggestion.to)}` }
}

const TYPES = NUMBER_TYPES.map((type) => [type, NUMBER_TYPE_WORDS[type]] as const)

/** The choice of the number type, for a column of numbers. The types in a column of number types take precedence. */
export function NumberTypeChoice({ line, mapping, onChange }: LineProps) {
  const { entry, name } = line
  if (entry === null || kindOf(entry.to) !== 'number') return null
  const typed = mapping.some(({ to }) => to === entry.to.replace('number', 'numberType'))
  return (
    <SelectField
      path={pathOf(line, mapping, 'type')}
      label={<span class="hidden">Type of the numbers in “{name}”</span>}
      value={entry.type ?? 'mobile'}
      options={TYPES}
      onChange={(type) => onChange(mapping.map((one) => (one === entry ? { ...one, type } : one)))}
      {...(typed && { hint: 'Where the column of types is blank.' })}
    />
  )
}

/** The choice whether a column holds several values of its field, or a display name (seed: Has List). */
export function HasListChoice({ line, mapping, onChange }: LineProps) {
  const { entry, name } = line
  const { fields } = useFields()
  if (entry === null || kindOf(entry.to) !== 'field') return null
  if (fields.get(entry.to.slice('field:'.length))?.list === true) return <span class="muted">A list</span>
  return (
    <CheckField
      path={pathOf(line, mapping, 'list')}
      label={
        <>
          <span title="Several values, or a display name.">Has List</span>
          <span class="hidden"> for “{name}”</span>
        </>
      }
      checked={entry.list === true}
      onChange={(list) => onChange(mapping.map((one) => (one === entry ? { ...one, list } : one)))}
    />
  )
}

/** The choice of other values for some cells, such as the words of another system for a number type. */
export function OtherValuesChoice({ line, mapping, onChange }: LineProps) {
  const { entry, name, samples } = line
  if (entry === null || !mayBeTranslated(entry.to)) return null
  return (
    <OtherValues
      key={kindOf(entry.to)}
      path={pathOf(line, mapping, 'values')}
      name={name}
      samples={samples}
      entry={entry}
      onChange={(next) => onChange(mapping.map((one) => (one === entry ? next : one)))}
    />
  )
}

/** Returns the path of this column in refusals of the API. An unmapped column gets a path that no refusal names. */
function pathOf({ entry, name }: ColumnLine, mapping: readonly MappingColumn[], member: string): string {
  return entry === null ? `columns.${name}` : `mapping.${mapping.indexOf(entry)}.${member}`
}
