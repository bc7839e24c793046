import { useState } from 'preact/hooks'
import type { TestView } from '../../../worker/src/api/views/source.ts'
import type { Kind, MappingRule, StandardField } from '../../../worker/src/connections/kind.ts'
import { type FromColumn, type MappingColumn, mayBeTranslated } from '../../../worker/src/core/mapping.ts'
import { useFields } from '../field/definitions.ts'
import { CheckField } from '../parts/choice.tsx'
import { SelectField } from '../parts/field.tsx'
import { Fold } from '../parts/fold.tsx'
import { useFieldError } from '../parts/form.tsx'
import { SuggestField } from '../parts/suggest-field.tsx'
import { useMay } from '../session.ts'
import { targetWord } from '../words.ts'
import type { SectionProps } from './draft.ts'
import { FurtherTargets } from './further-targets.tsx'
import { isFromColumn, kindOf } from './mapping.ts'
import { useNewField } from './new-field.tsx'
import { OtherValues } from './other-values.tsx'
import { additionalFields, attributeOf, otherTargets, withAttribute } from './record-mapping.ts'
import { SmsValues } from './sms-values.tsx'

interface RecordFieldsProps extends SectionProps {
  test: TestView | null
  /** The service that has the attributes, and the standard fields with a fixed place in the form. */
  rule: Extract<MappingRule<Kind>, { by: 'fields' }>
}

/** The mapping of a CRM’s attributes to fields (seed: Standard Fields, Opt-Out Field, Additional Fields). */
export function RecordFields({ draft, change, test, rule: { service, fields } }: RecordFieldsProps) {
  const mapping = draft.mapping ?? []
  const error = useFieldError('mapping')
  // What somebody types into stays open, also once nothing is missing any more.
  const [typed, setTyped] = useState(false)
  const attributes = (test?.attributes ?? []).map(({ id, name }) => ({ value: name, label: `${name} (${id})` }))
  const set = (next: MappingColumn[]) => change({ mapping: next })
  const placed = fields.filter(({ to }) => !isFurther(mapping, to))
  const missing = placed.filter(({ to, required }) => required && attributeOf(mapping, to) === '')
  const used = placed.map(({ to }) => attributeOf(mapping, to)).filter((name) => name !== '')
  const optOut = attributeOf(mapping, 'smsStatus')
  const read = test !== null && test.columns.length > 0
  return (
    <>
      <p>Attributes are named as administrators see them in {service}. The contact ID is found by itself.</p>
      {test === null ? <p class="muted">Test the connection above to be offered the attributes there are.</p> : null}
      {error === null ? null : <p class="error">{error}</p>}
      <Fold
        title="Standard fields"
        set={used.length === 0 && !read ? 'Filled in once contacts are found' : used.join(', ')}
        open={typed || (missing.length > 0 && read)}
      >
        <div class="fields">
          {placed.map(({ to, label, required, hint }) => (
            <SuggestField
              key={to}
              path={pathOf(mapping, to)}
              label={required ? label : `${label} (optional)`}
              {...(hint === undefined ? {} : { hint })}
              required={required}
              value={attributeOf(mapping, to)}
              options={attributes}
              onChange={(column) => {
                setTyped(true)
                set(withAttribute(mapping, to, column))
              }}
            />
          ))}
        </div>
      </Fold>
      <Fold title="Opt-out field" set={optOut === '' ? 'None' : optOut}>
        <SuggestField
          path={pathOf(mapping, 'smsStatus')}
          label="Attribute with the SMS status (optional)"
          hint="It must be on the contact record, so that an opt-out made here can be written back."
          value={optOut}
          options={attributes}
          onChange={(column) => set(withAttribute(mapping, 'smsStatus', column))}
        />
        <SmsValues draft={draft} change={change} />
      </Fold>
      <AdditionalFields mapping={mapping} standard={fields} service={service} attributes={attributes} onChange={set} />
      <FurtherTargets mapping={mapping} names={attributes.map(({ value }) => value)} what="attribute" onChange={set} />
    </>
  )
}

interface AdditionalProps {
  mapping: MappingColumn[]
  standard: readonly StandardField[]
  service: string
  attributes: { value: string; label: string }[]
  onChange: (mapping: MappingColumn[]) => void
}

function AdditionalFields({ mapping, standard, service, attributes, onChange }: AdditionalProps) {
  const { fields } = useFields()
  const custom = [...fields.values()].map(({ key, label }) => [`field:${key}`, label] as const)
  const known = [...custom, ...otherTargets(standard).map((target) => [target, targetWord(target)] as const)]
  const free = known.find(([target]) => target === 'groups' || !mapping.some(({ to }) => to === target))
  const additional = additionalFields(mapping, standard)
  return (
    <div class="form-part">
      <h3>Additional fields</h3>
      {additional.map(({ entry, index }) => (
        // An entry has no unique name while it is edited, so its index is its key.
        <AdditionalField
          key={index}
          path={`mapping.${index}`}
          entry={entry}
          known={known}
          attributes={attributes}
          onChange={(next) => onChange(mapping.with(index, next))}
          onRemove={() => onChange(mapping.toSpliced(index, 1))}
        />
      ))}
      {additional.length === 0 ? null : (
        <p class="hint">
          Switch on Has List where an attribute may have several values, or where the name that {service} shows is
          wanted in place of a code.
        </p>
      )}
      <div class="actions">
        <button
          type="button"
          disabled={free === undefined}
          onClick={() => onChange([...mapping, { column: '', to: free?.[0] ?? 'groups' }])}
        >
          Add a field
        </button>
      </div>
    </div>
  )
}

interface AdditionalFieldProps extends Pick<AdditionalProps, 'attributes'> {
  path: string
  entry: FromColumn
  /** The targets to choose from, with their words. */
  known: readonly (readonly [target: string, word: string])[]
  onChange: (entry: FromColumn) => void
  onRemove: () => void
}

/** The value of the choice that makes a field. No target has it. */
const CREATE = '+'

/** A further attribute and the field that it becomes. The last choice makes a field that is named after it. */
function AdditionalField({ path, entry, known, attributes, onChange, onRemove }: AdditionalFieldProps) {
  const may = useMay()
  const field = useNewField((to) => onChange({ ...entry, to }))
  const { column } = entry
  const options = [
    ...known,
    ...(known.some(([to]) => to === entry.to) ? [] : [[entry.to, targetWord(entry.to)] as const]),
    ...(may.configure && column.trim() !== '' && field.made !== entry.to
      ? [[CREATE, `Create “${column}”…`] as const]
      : []),
  ]
  return (
    <div class="fields-line">
      <SuggestField
        path={`${path}.column`}
        label="Contact field"
        value={column}
        options={attributes}
        required
        onChange={(next) => onChange({ ...entry, column: next })}
      />
      <SelectField
        path={`${path}.to`}
        label="Field here"
        value={entry.to}
        options={options}
        onChange={(to) => (to === CREATE ? field.make(column) : onChange({ ...entry, to }))}
      />
      {field.note(entry.to)}
      <CheckField
        path={`${path}.list`}
        label="Has List"
        checked={entry.list === true}
        onChange={(list) => onChange({ ...entry, list })}
      />
      {mayBeTranslated(entry.to) ? (
        <OtherValues
          key={kindOf(entry.to)}
          path={`${path}.values`}
          name={column}
          samples={[]}
          entry={entry}
          onChange={onChange}
        />
      ) : null}
      <button type="button" class="link" onClick={onRemove}>
        Remove<span class="hidden"> {column}</span>
      </button>
    </div>
  )
}

/** Returns whether a target is joined from attributes, so that its own field would be blank. */
function isFurther(mapping: readonly MappingColumn[], target: string): boolean {
  return mapping.some((entry) => entry.to === target && !isFromColumn(entry))
}

function pathOf(mapping: readonly MappingColumn[], target: string): string {
  const index = mapping.findIndex(({ to }) => to === target)
  return index === -1 ? `mapping.${target}` : `mapping.${index}.column`
}
