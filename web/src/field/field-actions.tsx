import type { FieldDefinition } from '../../../worker/src/core/field.ts'
import { del } from '../client.ts'
import { ItemActions } from '../parts/item-actions.tsx'
import { FieldDialog } from './field-dialog.tsx'

/** Changes or deletes a field. */
export function FieldActions({ field }: { field: FieldDefinition }) {
  return (
    <ItemActions
      noun="field"
      name={field.label}
      remove={() => del('/api/fields/:key', { key: field.key })}
      change={(close) => <FieldDialog saved={field} onClose={close} />}
    >
      <p>Its values are deleted from all contacts. They do not come back, not even when an earlier import is undone.</p>
      <p>If a source imports this field, take it out of that source’s columns first.</p>
    </ItemActions>
  )
}
