import { useState } from 'preact/hooks'
import { useFields } from '../field/definitions.ts'
import { useAll } from '../load.ts'
import { Combobox } from '../parts/combobox.tsx'
import { SelectField, TextField } from '../parts/field.tsx'
import { FilterFold } from '../parts/filter-fold.tsx'
import { Icon } from '../parts/icon.tsx'
import { useSourceNames } from '../source/names.ts'
import { assignees, useUserNames } from '../user/names.ts'
import { SMS_WORDS } from '../words.ts'
import { CHANNEL_WORDS } from './channel-words.ts'
import { type Filters, setFilters } from './filters.ts'

const SMS_CHOICES = [
  ['', 'Any'],
  ['opted_in', SMS_WORDS.opted_in],
  ['opted_out', SMS_WORDS.opted_out],
  ['unknown', SMS_WORDS.unknown],
] as const

const REACH_CHOICES = [
  ['', 'Any'],
  ['nobody', 'By nothing'],
  ['sms', CHANNEL_WORDS.sms.name],
  ['voice', CHANNEL_WORDS.voice.name],
  ['pager', CHANNEL_WORDS.pager.name],
  ['email', CHANNEL_WORDS.email.name],
] as const

const SORT_CHOICES = [
  ['name', 'Name'],
  ['updated', 'Last changed'],
] as const

interface FilterBarProps {
  filters: Filters
  onChange: (part: Partial<Filters>) => void
}

/** The search and the filters of the contacts page. On a phone the filters are folded under a line that counts them. */
export function FilterBar({ filters, onChange }: FilterBarProps) {
  const names = useSourceNames()
  const users = useUserNames()
  const groups = useAll('/api/groups', {}).data ?? []
  const anyGroup = { value: '', label: 'Any' }
  return (
    <div class="contact-filters">
      <TextField
        path="search"
        label="Search"
        type="search"
        placeholder="Name, ID, number"
        value={filters.search}
        onChange={(search) => onChange({ search })}
      />
      <FilterFold set={setFilters(filters)}>
        <div class="filter-row">
          {names.size === 0 ? null : (
            <SelectField
              path="source"
              label="Source"
              value={filters.source}
              options={[['', 'Any'], ...names]}
              onChange={(source) => onChange({ source })}
            />
          )}
          <Combobox
            label="Group"
            value={filters.group}
            options={[anyGroup, ...groups.map(({ id, name }) => ({ value: id, label: name }))]}
            onChange={(group) => onChange({ group })}
          />
          <SelectField
            path="reach"
            label="Reached"
            value={filters.reach}
            options={REACH_CHOICES}
            onChange={(reach) => onChange({ reach })}
          />
          <SelectField
            path="smsStatus"
            label="SMS status"
            value={filters.smsStatus}
            options={SMS_CHOICES}
            onChange={(smsStatus) => onChange({ smsStatus })}
          />
          {users.size === 0 && filters.assignedUser === '' ? null : (
            <SelectField
              path="assignedUser"
              label="Assigned user"
              value={filters.assignedUser}
              options={assignees(users, filters.assignedUser, 'Any')}
              onChange={(assignedUser) => onChange({ assignedUser })}
            />
          )}
          <FieldFilter filters={filters} onChange={onChange} />
          <SelectField
            path="sort"
            label="Sort by"
            value={filters.sort}
            options={SORT_CHOICES}
            onChange={(sort) => onChange({ sort })}
          />
        </div>
      </FilterFold>
      <FieldChips filters={filters} onChange={onChange} />
    </div>
  )
}

/** Adds a filter by the value of a custom field. */
function FieldFilter({ filters, onChange }: FilterBarProps) {
  const { fields } = useFields()
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const free = [...fields.values()].filter((field) => !(field.key in filters.fields))
  if (free.length === 0) return null
  const add = (given: string) => {
    if (given.trim() === '') return
    onChange({ fields: { ...filters.fields, [key]: given.trim() } })
    setKey('')
    setValue('')
  }
  return (
    <>
      <SelectField
        path="field"
        label="Field"
        value={key}
        options={[['', 'Any'], ...free.map((field) => [field.key, field.label] as const)]}
        onChange={setKey}
      />
      {key === '' ? null : fields.get(key)?.type === 'boolean' ? (
        <SelectField
          path="fieldValue"
          label="Is"
          value=""
          options={[
            ['', 'Choose'],
            ['true', 'Yes'],
            ['false', 'No'],
          ]}
          onChange={add}
        />
      ) : (
        <form
          class="filter-value"
          onSubmit={(event) => {
            event.preventDefault()
            add(value)
          }}
        >
          <TextField
            path="fieldValue"
            label="Is"
            type={fields.get(key)?.type === 'date' ? 'date' : 'text'}
            value={value}
            onChange={setValue}
          />
          <button type="submit">Filter</button>
        </form>
      )}
    </>
  )
}

/** The filters by custom fields, each of which can be taken away. */
function FieldChips({ filters, onChange }: FilterBarProps) {
  const { fields } = useFields()
  const chosen = Object.entries(filters.fields)
  if (chosen.length === 0) return null
  const without = (key: string) => Object.fromEntries(chosen.filter(([one]) => one !== key))
  return (
    <ul class="plain filter-chips">
      {chosen.map(([key, value]) => (
        <li key={key}>
          <button type="button" class="filter-chip" onClick={() => onChange({ fields: without(key) })}>
            <span class="hidden">Remove the filter </span>
            {fields.get(key)?.label ?? key}: {value} <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}
