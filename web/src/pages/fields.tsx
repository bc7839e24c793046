import { useState } from 'preact/hooks'
import type { FieldDefinition } from '../../../worker/src/core/field.ts'
import { FIELD_TYPE_WORDS } from '../field/definitions.ts'
import { FieldActions } from '../field/field-actions.tsx'
import { FieldDialog } from '../field/field-dialog.tsx'
import { useList } from '../load.ts'
import { Empty, List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { useMay } from '../session.ts'

const COLUMNS: Column<FieldDefinition>[] = [
  {
    head: 'Field',
    cell: ({ key, label }) => (
      <span class="stack">
        <strong>{label}</strong>
        <span class="muted small">{key}</span>
      </span>
    ),
  },
  { head: 'Type', cell: ({ type, list }) => `${FIELD_TYPE_WORDS[type]}${list ? ', list' : ''}` },
  { head: 'Required', cell: ({ required }) => (required ? 'Yes' : 'No') },
]

/** The custom fields of contacts (seed: Fields page). */
export function Fields() {
  const may = useMay()
  const list = useList('/api/fields', {})
  const [adding, setAdding] = useState(false)
  const actions: Column<FieldDefinition> = {
    head: 'Change',
    cell: (field) => <FieldActions field={field} />,
  }
  return (
    <Page
      title="Fields"
      actions={
        may.configure ? (
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            Add a field
          </button>
        ) : null
      }
    >
      <p class="muted lead">
        What contacts have besides names, numbers and groups. A source can import a column into a field once it is set
        up here.
      </p>
      {adding ? <FieldDialog saved={null} onClose={() => setAdding(false)} /> : null}
      <List
        list={list}
        empty={
          <Empty icon="columns" title="There are no fields yet">
            A column of a file without a field can become one while you add its source.
          </Empty>
        }
      >
        {(fields) => (
          <Table
            label="Fields"
            columns={may.configure ? [...COLUMNS, actions] : COLUMNS}
            items={fields}
            keyOf={({ key }) => key}
          />
        )}
      </List>
    </Page>
  )
}
