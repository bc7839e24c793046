import type { FieldView } from '../../../worker/src/api/views.ts'
import { ItemActions } from '../parts/item-actions.tsx'
import { FieldDialog } from './field-dialog.tsx'

/** Changes or deletes a field. */
export function FieldActions({ field, onChanged }: { field: FieldView; onChanged: () => void }) {
  return (
    <ItemActions
      name={field.label}
      path={`/api/fields/${encodeURIComponent(field.key)}`}
      change={(close) => <FieldDialog saved={field} onSaved={onChanged} onClose={close} />}
      onChanged={onChanged}
    >
      <p>Its values go from all contacts and do not come back, not even when an earlier import is undone.</p>
      <p>A field that a source imports has to be taken out of that source’s columns first.</p>
    </ItemActions>
  )
}
