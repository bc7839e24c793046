import type { ContactNumber } from '../../../worker/src/core/contact.ts'
import { SelectField, TextField } from '../parts/field.tsx'
import { NUMBER_TYPE_WORDS } from '../words.ts'

/** A number while it is edited; the API parses it and stores E.164. */
export type NumberDraft = ContactNumber

const TYPES = [
  ['mobile', NUMBER_TYPE_WORDS.mobile],
  ['landline', NUMBER_TYPE_WORDS.landline],
  ['pager', NUMBER_TYPE_WORDS.pager],
] as const

/** The inputs for the numbers of a manual contact. */
export function NumbersFields(props: { numbers: NumberDraft[]; onChange: (numbers: NumberDraft[]) => void }) {
  const { numbers, onChange } = props
  const set = (index: number, part: Partial<NumberDraft>) =>
    onChange(numbers.map((number, at) => (at === index ? { ...number, ...part } : number)))
  const add = () => onChange([...numbers, { number: '', type: 'mobile', description: null, extension: null }])
  return (
    <fieldset>
      <legend>Numbers (optional)</legend>
      {numbers.map(({ number, type, description }, index) => (
        // A number has no unique name while it is edited, so its index is its key.
        <div class="number-row" key={index}>
          <TextField
            path={`numbers.${index}.number`}
            label="Number"
            value={number}
            onChange={(text) => set(index, { number: text })}
          />
          <SelectField
            path={`numbers.${index}.type`}
            label="Type"
            value={type}
            options={TYPES}
            onChange={(chosen) => set(index, { type: chosen })}
          />
          <TextField
            path={`numbers.${index}.description`}
            label="Description"
            placeholder="work"
            value={description ?? ''}
            onChange={(text) => set(index, { description: text === '' ? null : text })}
          />
          <button
            type="button"
            aria-label={`Remove number ${index + 1}`}
            onClick={() => onChange(numbers.toSpliced(index, 1))}
          >
            Remove
          </button>
        </div>
      ))}
      <button type="button" onClick={add}>
        Add a number
      </button>
    </fieldset>
  )
}
