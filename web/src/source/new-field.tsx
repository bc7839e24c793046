import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { post } from '../client.ts'
import { type Definitions, FIELD_TYPE_WORDS, useFields } from '../field/definitions.ts'
import { FieldDialog } from '../field/field-dialog.tsx'
import { keyFor } from '../field/key.ts'
import { useAction } from '../load.ts'

interface NewField {
  /** Makes a field that is named after a column, and maps the column to it. */
  make: (name: string) => void
  /** The target of the field that was made here; null if none was. */
  made: string | null
  /** Returns what is to be said beside the choice whose target is `to`: the field that was made, or why it was not. */
  note: (to: string | null) => ComponentChildren
}

/** Makes custom fields where columns are mapped, so that nobody has to leave the form. `onMade` gets the new target. */
export function useNewField(onMade: (target: string) => void): NewField {
  const { fields } = useFields()
  const [made, setMade] = useState<string | null>(null)
  const [changing, setChanging] = useState(false)
  const making = useAction(async (label: string) => {
    const key = freeKey(label, fields)
    await post('/api/fields', { body: { key, label, type: 'text', list: false, required: false } })
    setMade(`field:${key}`)
    onMade(`field:${key}`)
  })
  const note = (to: string | null) => {
    if (making.problem !== null) return <p class="error">{making.problem.message}</p>
    const field = made === null || made !== to ? undefined : fields.get(made.slice('field:'.length))
    if (field === undefined) return null
    return (
      <p class="hint" role="status">
        New field: {FIELD_TYPE_WORDS[field.type].toLowerCase()}.{' '}
        <button type="button" class="link" onClick={() => setChanging(true)}>
          Change<span class="hidden"> the field “{field.label}”</span>
        </button>
        {changing ? <FieldDialog saved={field} onClose={() => setChanging(false)} /> : null}
      </p>
    )
  }
  return { make: (name) => void making.run(name.trim().slice(0, LONGEST)), made, note }
}

/** The longest label of a field. */
const LONGEST = 100

/** Returns a key for a label that no field has: `class`, `class2`; `field` where the label gives none. */
function freeKey(label: string, fields: Definitions): string {
  const key = keyFor(label) === '' ? 'field' : keyFor(label)
  for (let count = 1; ; count++) {
    const free = count === 1 ? key : `${key.slice(0, 60)}${count}`
    if (!fields.has(free)) return free
  }
}
