import { columnOf } from '../../../worker/src/core/attributes.ts'
import { headersOf, type MappingColumn, mayComeFrom } from '../../../worker/src/core/mapping.ts'
import { useFields, useTargetWord } from '../field/definitions.ts'
import { countOf } from '../format.ts'
import { SelectField, TextField } from '../parts/field.tsx'
import { Fold } from '../parts/fold.tsx'
import { SuggestField } from '../parts/suggest-field.tsx'
import { isFromColumn, targetsFor } from './mapping.ts'
import { firstValue, ValueField } from './value-field.tsx'

interface FurtherProps {
  mapping: MappingColumn[]
  /** The names of the columns or attributes to choose from; none before a test. */
  names: readonly string[]
  /** The word for what the names are of. */
  what: 'column' | 'attribute'
  onChange: (mapping: MappingColumn[]) => void
}

/** What contacts get from several columns joined, and what is the same for all of them. */
export function FurtherTargets({ mapping, names, what, onChange }: FurtherProps) {
  const { fields } = useFields()
  const free = (from: 'columns' | 'constant') =>
    targetsFor(mapping, fields.keys()).filter(
      (to) => mayComeFrom(to, from) && (mayRepeat(to) || !mapping.some((entry) => entry.to === to)),
    )
  const [joinable] = free('columns')
  const replace = (index: number, entry: MappingColumn) => onChange(mapping.with(index, entry))
  const entries = mapping.filter((entry) => !isFromColumn(entry)).length
  return (
    <Fold
      title={`What no single ${what} has`}
      set={entries === 0 ? 'Nothing' : countOf(entries, 'value')}
      open={entries > 0}
    >
      <p class="muted">
        A value from several {what}s, such as a name from three of them, or one that is the same for everybody.
      </p>
      {mapping.map((entry, index) =>
        isFromColumn(entry) ? null : (
          <EntryFields
            key={index}
            path={`mapping.${index}`}
            entry={entry}
            names={names}
            what={what}
            targets={free(entry.columns === undefined ? 'constant' : 'columns')}
            onChange={(next) => replace(index, next)}
            onRemove={() => onChange(mapping.toSpliced(index, 1))}
          />
        ),
      )}
      <div class="actions">
        <button
          type="button"
          disabled={joinable === undefined}
          onClick={() =>
            joinable !== undefined && onChange([...mapping, { columns: ['', ''], join: ' ', to: joinable }])
          }
        >
          Join {what}s
        </button>
        <button type="button" onClick={() => onChange([...mapping, { constant: '', to: 'groups' }])}>
          Same value for everybody
        </button>
      </div>
    </Fold>
  )
}

function mayRepeat(to: string): boolean {
  return columnOf(to)?.column.several === true
}

interface EntryProps extends Pick<FurtherProps, 'names' | 'what'> {
  path: string
  entry: Exclude<MappingColumn, { column: string }>
  /** The targets to choose from besides the entry's own. */
  targets: readonly string[]
  onChange: (entry: MappingColumn) => void
  onRemove: () => void
}

function EntryFields({ path, entry, names, what, targets, onChange, onRemove }: EntryProps) {
  const word = useTargetWord()
  const options = [...new Set([entry.to, ...targets])].map((to) => [to, word(to)] as const)
  return (
    <div class="fields-line">
      {entry.columns === undefined ? (
        <ValueField
          path={`${path}.constant`}
          label="For everybody"
          to={entry.to}
          value={entry.constant}
          onChange={(constant) => onChange({ ...entry, constant })}
        />
      ) : (
        <JoinedFields path={path} entry={entry} names={names} what={what} onChange={onChange} />
      )}
      <SelectField
        path={`${path}.to`}
        label="Is for"
        value={entry.to}
        options={options}
        onChange={(to) =>
          onChange(entry.columns === undefined ? { to, constant: valueFor(to, entry) } : { ...entry, to })
        }
      />
      <button type="button" class="link" onClick={onRemove}>
        Remove<span class="hidden"> what is for {word(entry.to)}</span>
      </button>
    </div>
  )
}

/** A constant stays if its new target can have it; a choice of a number type is no title. */
function valueFor(to: string, { to: before, constant }: { to: string; constant: string }): string {
  return firstValue(to) === '' && firstValue(before) === '' ? constant : firstValue(to)
}

interface JoinedProps extends Pick<FurtherProps, 'names' | 'what'> {
  path: string
  entry: Extract<MappingColumn, { columns: string[] }>
  onChange: (entry: MappingColumn) => void
}

function JoinedFields({ path, entry, names, what, onChange }: JoinedProps) {
  const columns = headersOf(entry)
  const set = (next: readonly string[]) => onChange({ ...entry, columns: [...next] })
  return (
    <>
      {columns.map((column, index) => (
        <SuggestField
          key={index}
          path={`${path}.columns.${index}`}
          label={index === 0 ? `First ${what}` : `and ${what}`}
          required
          value={column}
          options={names.map((value) => ({ value }))}
          onChange={(next) => set(columns.with(index, next))}
        />
      ))}
      <TextField
        path={`${path}.join`}
        label="Between them"
        hint="Usually a space."
        short
        value={entry.join ?? ' '}
        onChange={(join) => onChange({ ...entry, join })}
      />
      <div class="line-actions">
        <button type="button" class="link" onClick={() => set([...columns, ''])}>
          Another {what}
        </button>
        {columns.length > 2 ? (
          <button type="button" class="link" onClick={() => set(columns.slice(0, -1))}>
            One {what} less
          </button>
        ) : null}
      </div>
    </>
  )
}
