import type { TestView } from '../../../worker/src/api/views.ts'
import type { Kind, MappingRule, StandardField } from '../../../worker/src/connections/kind.ts'
import { type FromColumn, type MappingColumn, mayBeTranslated } from '../../../worker/src/core/mapping.ts'
import { useFields } from '../field/definitions.ts'
import { CheckField } from '../parts/choice.tsx'
import { SelectField } from '../parts/field.tsx'
import { useFieldError } from '../parts/form.tsx'
import { SuggestField } from '../parts/suggest-field.tsx'
import { targetWord } from '../words.ts'
import type { SectionProps } from './draft.ts'
import { FurtherTargets } from './further-targets.tsx'
import { isFromColumn, kindOf } from './mapping.ts'
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
  const attributes = (test?.attributes ?? []).map(({ id, name }) => ({ value: name, label: `${name} (${id})` }))
  const set = (next: MappingColumn[]) => change({ mapping: next })
  return (
    <>
      <p>
        Enter attributes as administrators see them in {service}. The contact ID is found by itself, and is what a
        contact is known by here.
      </p>
      {test === null ? <p class="muted">Test the connection above to be offered the attributes there are.</p> : null}
      {error === null ? null : <p class="error">{error}</p>}
      <h3>Standard fields</h3>
      <div class="fields">
        {fields
          .filter(({ to }) => !isFurther(mapping, to))
          .map(({ to, label, required, hint }) => (
            <SuggestField
              key={to}
              path={pathOf(mapping, to)}
              label={required ? label : `${label} (optional)`}
              {...(hint === undefined ? {} : { hint })}
              required={required}
              value={attributeOf(mapping, to)}
              options={attributes}
              onChange={(column) => set(withAttribute(mapping, to, column))}
            />
          ))}
      </div>
      <h3>Opt-out field</h3>
      <SuggestField
        path={pathOf(mapping, 'smsStatus')}
        label="Attribute with the SMS status (optional)"
        hint="It must be on the contact record, so that an opt-out made here can be written back."
        value={attributeOf(mapping, 'smsStatus')}
        options={attributes}
        onChange={(column) => set(withAttribute(mapping, 'smsStatus', column))}
      />
      <SmsValues draft={draft} change={change} />
      <h3>Additional fields</h3>
      <AdditionalFields mapping={mapping} standard={fields} service={service} attributes={attributes} onChange={set} />
      <FurtherTargets mapping={mapping} names={attributes.map(({ value }) => value)} onChange={set} />
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
  const replace = (entry: FromColumn, part: Partial<FromColumn>) =>
    onChange(mapping.map((one) => (one === entry ? { ...entry, ...part } : one)))
  const free = known.find(([target]) => target === 'groups' || !mapping.some(({ to }) => to === target))
  return (
    <>
      {additionalFields(mapping, standard).map(({ entry, index }) => (
        // An entry has no unique name while it is edited, so its index is its key.
        <div key={index} class="fields-line">
          <SuggestField
            path={`mapping.${index}.column`}
            label="Contact field"
            value={entry.column}
            options={attributes}
            required
            onChange={(column) => replace(entry, { column })}
          />
          <SelectField
            path={`mapping.${index}.to`}
            label="Field here"
            value={entry.to}
            options={
              known.some(([to]) => to === entry.to) ? known : [...known, [entry.to, targetWord(entry.to)] as const]
            }
            onChange={(to) => replace(entry, { to })}
          />
          <CheckField
            path={`mapping.${index}.list`}
            label="Has List"
            checked={entry.list === true}
            onChange={(list) => replace(entry, { list })}
          />
          {mayBeTranslated(entry.to) ? (
            <OtherValues
              key={kindOf(entry.to)}
              path={`mapping.${index}.values`}
              name={entry.column}
              samples={[]}
              entry={entry}
              onChange={(next) => onChange(mapping.with(index, next))}
            />
          ) : null}
          <button type="button" class="link" onClick={() => onChange(mapping.toSpliced(index, 1))}>
            Remove<span class="hidden"> {entry.column}</span>
          </button>
        </div>
      ))}
      <p class="hint">
        Switch on Has List where an attribute may have several values, or where the name that {service} shows is wanted
        in place of a code. A field must first be made on the <a href="/settings/fields">Fields page</a> to be offered.
      </p>
      <div class="actions">
        <button
          type="button"
          disabled={free === undefined}
          onClick={() => onChange([...mapping, { column: '', to: free?.[0] ?? 'groups' }])}
        >
          Add a field
        </button>
      </div>
    </>
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
