import { useState } from 'preact/hooks'
import type { FieldDefinition } from '../../../worker/src/core/field.ts'
import { FIELD_TYPES } from '../../../worker/src/core/values/field-type.ts'
import { patch, post } from '../client.ts'
import { useAction } from '../load.ts'
import { CheckField } from '../parts/choice.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { SelectField, TextField } from '../parts/field.tsx'
import { FieldProblems } from '../parts/form.tsx'
import { FIELD_TYPE_WORDS } from './definitions.ts'
import { keyFor } from './key.ts'

const TYPES = FIELD_TYPES.map((type) => [type, FIELD_TYPE_WORDS[type]] as const)
const NEW: FieldDefinition = { key: '', label: '', type: 'text', list: false, required: false }

/** Shows the form for a new or saved field; `saved` is null for a new one. */
export function FieldDialog({ saved, onClose }: { saved: FieldDefinition | null; onClose: () => void }) {
  const [draft, setDraft] = useState(saved ?? NEW)
  const [ownKey, setOwnKey] = useState(false)
  const change = (part: Partial<FieldDefinition>) => setDraft((before) => ({ ...before, ...part }))
  const save = useAction(async () => {
    if (saved === null) await post('/api/fields', { body: draft })
    else await patch('/api/fields/:key', { key: saved.key, body: draft })
    onClose()
  })
  return (
    <Dialog
      title={saved === null ? 'Add a field' : `Change ${saved.label}`}
      confirm={saved === null ? 'Add field' : 'Save field'}
      busy={save.busy}
      problem={save.problem}
      onConfirm={save.run}
      onClose={onClose}
    >
      <FieldProblems problem={save.problem}>
        <TextField
          path="label"
          label="Label"
          hint="What people read, such as Major."
          required
          value={draft.label}
          onChange={(label) => change({ label, ...(saved === null && !ownKey ? { key: keyFor(label) } : {}) })}
        />
        <TextField
          path="key"
          label="Key"
          hint="What programs read. It cannot be changed later."
          required
          disabled={saved !== null}
          value={draft.key}
          onChange={(key) => {
            setOwnKey(true)
            change({ key })
          }}
        />
        <SelectField
          path="type"
          label="Type"
          value={draft.type}
          options={TYPES}
          onChange={(type) => change({ type })}
        />
        <CheckField
          path="list"
          label="List"
          hint="A contact can have several values."
          checked={draft.list}
          onChange={(list) => change({ list })}
        />
        <CheckField
          path="required"
          label="Required"
          hint="A row without a value is an error and is left out, wherever a source imports this field."
          checked={draft.required}
          onChange={(required) => change({ required })}
        />
      </FieldProblems>
    </Dialog>
  )
}
