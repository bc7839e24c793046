import { useState } from 'preact/hooks'
import { Combobox } from '../parts/combobox.tsx'
import { SelectField, TextField } from '../parts/field.tsx'
import type { KindFieldsProps } from './kind.ts'

type CriteriaProps = Omit<KindFieldsProps<'connect'>, 'saved'>

/** Which contacts are imported, and how Connect names changes that are made here (seed: Criteria and Source Code). */
export function ConnectCriteria({ draft, onChange, test }: CriteriaProps) {
  return (
    <>
      <p>
        Create a filter in Connect with the contacts to import, and choose it here by its name or its numeric ID. A
        contact that is in several filters is imported once.
      </p>
      {test === null ? <p class="muted">Test the connection above to choose from the filters of Connect.</p> : null}
      <FilterIds draft={draft} onChange={onChange} test={test} />
      <SourceCode draft={draft} onChange={onChange} test={test} />
    </>
  )
}

function FilterIds({ draft, onChange, test }: CriteriaProps) {
  const [texts, setTexts] = useState<string[]>(() => {
    const ids = (draft.filterIds ?? []).map(String)
    return ids.length === 0 ? [''] : ids
  })
  const filters = test?.filters ?? []
  const options = filters.map(({ id, name }) => ({ value: String(id), label: `${name} (${id})` }))
  const set = (next: string[]) => {
    setTexts(next.length === 0 ? [''] : next)
    const filled = next.map((text) => text.trim()).filter((text) => text !== '')
    onChange({ ...draft, filterIds: filled.map((text) => (/^\d+$/.test(text) ? Number(text) : Number.NaN)) })
  }
  return (
    <fieldset>
      <legend class="hidden">Filters</legend>
      {texts.map((text, index) => {
        const name = (word: string) => (index === 0 ? word : `${word} ${index + 1}`)
        const field = {
          path: `connection.filterIds.${index}`,
          value: text,
          onChange: (next: string) => set(texts.with(index, next)),
        }
        return (
          // A filter has no unique name here, so its index is its key.
          <div key={index} class="fields-line">
            {filters.length === 0 ? (
              <TextField {...field} label={name('Filter ID')} short placeholder="70542" />
            ) : (
              <Combobox
                {...field}
                label={name('Filter')}
                placeholder="Choose a filter"
                options={options}
                asTyped={byId}
              />
            )}
            {texts.length === 1 ? null : (
              <button type="button" class="link" onClick={() => set(texts.toSpliced(index, 1))}>
                Remove<span class="hidden"> filter {text}</span>
              </button>
            )}
          </div>
        )
      })}
      <button type="button" onClick={() => set([...texts, ''])}>
        Add a filter
      </button>
    </fieldset>
  )
}

/** Connect may have filters that it does not list. */
function byId(typed: string) {
  const id = typed.trim()
  return /^\d+$/.test(id) ? { value: id, label: `The filter with the ID ${id}` } : null
}

const CODE_HINT =
  'Create a source code in Connect for the changes that are made here. It goes with every opt-out that is written back.'

/** A choice from the service’s list if it has one, otherwise a text field. */
function SourceCode({ draft, onChange, test }: CriteriaProps) {
  const { sourceCode } = draft
  const codes = test?.sourceCodes ?? []
  const field = { path: 'connection.sourceCode', label: 'Source code', hint: CODE_HINT }
  const set = (code: string) => onChange({ ...draft, sourceCode: code === '' ? null : code })
  if (codes.length === 0) return <TextField {...field} value={sourceCode ?? ''} onChange={set} />
  const listed = codes.map(({ id, name }) => [String(id), name] as const)
  const known = sourceCode == null || listed.some(([id]) => id === sourceCode)
  const options = [['', 'None'], ...listed, ...(known ? [] : [[sourceCode, sourceCode] as const])] as const
  return <SelectField {...field} value={sourceCode ?? ''} options={options} onChange={set} />
}
