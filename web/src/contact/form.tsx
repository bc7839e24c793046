import { useEffect, useState } from 'preact/hooks'
import type { ContactView } from '../../../worker/src/api/views/contact.ts'
import { ATTRIBUTES, eachText, TEXT_KEYS, type TextKey } from '../../../worker/src/core/attributes.ts'
import { patch, post } from '../client.ts'
import { type Definitions, useFields } from '../field/definitions.ts'
import { type FieldDraft, FieldValues, fieldDraft, typedFields } from '../field/values.tsx'
import { useAction } from '../load.ts'
import { SelectField, TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { go, hrefOf, useLeaveGuard } from '../router.ts'
import { assignees, useUserNames } from '../user/names.ts'
import { PRIORITY_WORDS } from '../words.ts'
import { type NumberDraft, NumbersFields } from './numbers.tsx'
import { telephone } from './telephone.ts'

interface ContactDraft extends Pick<ContactView, 'id' | 'name' | 'priority'>, Record<TextKey, string> {
  numbers: NumberDraft[]
  emails: string
  groups: string
  fields: FieldDraft
}

/** The attributes with a text input. A name is entered as a whole, and a user is chosen from a list. */
const TYPED_TEXTS = TEXT_KEYS.filter((key) => !['firstName', 'lastName', 'assignedUser'].includes(key))

const PRIORITIES = [
  ['high', PRIORITY_WORDS.high],
  ['normal', PRIORITY_WORDS.normal],
  ['low', PRIORITY_WORDS.low],
] as const

/** The form of a manual contact; `saved` is null for a new one. */
export function ContactForm({ saved }: { saved: ContactView | null }) {
  const [draft, setDraft] = useState(() => draftOf(saved))
  const [touched, setTouched] = useState(false)
  const [savedKey, setSavedKey] = useState<string | null>(null)
  const { fields: definitions } = useFields()
  const users = useUserNames()
  useLeaveGuard(touched)
  const change = (part: Partial<ContactDraft>) => {
    setTouched(true)
    setDraft((before) => ({ ...before, ...part }))
  }
  const save = useAction(async () => {
    const body = bodyOf(draft, definitions)
    const { key } = await (saved === null
      ? post('/api/contacts', { body: { ...body, id: draft.id.trim() } })
      : patch('/api/contacts/:key', { key: saved.key, body }))
    setTouched(false)
    setSavedKey(key)
  })
  // Leaves only after nothing is unsaved, or the page would ask whether to leave.
  useEffect(() => {
    if (savedKey !== null && !touched) go(hrefOf('/contacts/:key', { key: savedKey }))
  }, [savedKey, touched])
  return (
    <Form problem={save.problem} onSubmit={save.run}>
      <div class="block">
        <div class="pair">
          <TextField
            path="id"
            label="ID"
            required
            hint="Any text. It must stay the same for good."
            value={draft.id}
            disabled={saved !== null}
            onChange={(id) => change({ id })}
          />
          <TextField
            path="name"
            label="Name"
            required
            hint="First and last name."
            value={draft.name}
            onChange={(name) => change({ name })}
          />
        </div>
        <div class="pair">
          {TYPED_TEXTS.map((key) => (
            <TextField
              key={key}
              path={key}
              label={`${ATTRIBUTES[key].label} (optional)`}
              value={draft[key]}
              onChange={(text) => change({ [key]: text })}
            />
          ))}
        </div>
        <NumbersFields numbers={draft.numbers} onChange={(numbers) => change({ numbers })} />
        <TextField
          path="emails"
          label="E-mail addresses (optional)"
          hint="Separated by commas."
          value={draft.emails}
          onChange={(emails) => change({ emails })}
        />
        <div class="pair">
          <TextField
            path="groups"
            label="Groups (optional)"
            hint="Separated by commas."
            value={draft.groups}
            onChange={(groups) => change({ groups })}
          />
          <SelectField
            path="priority"
            label="Notification priority"
            hint="High is called and texted first."
            value={draft.priority}
            options={PRIORITIES}
            onChange={(priority) => change({ priority })}
          />
        </div>
        {users.size === 0 && draft.assignedUser === '' ? null : (
          <SelectField
            path="assignedUser"
            label="Assigned user (optional)"
            value={draft.assignedUser}
            options={assignees(users, draft.assignedUser, 'Nobody')}
            onChange={(assignedUser) => change({ assignedUser })}
          />
        )}
        <FieldValues draft={draft.fields} onChange={(fields) => change({ fields })} />
        <div class="actions">
          <button type="submit" class="primary" disabled={save.busy}>
            Save
          </button>
          <a class="button" href={saved === null ? '/contacts' : hrefOf('/contacts/:key', { key: saved.key })}>
            Cancel
          </a>
        </div>
      </div>
    </Form>
  )
}

function draftOf(contact: ContactView | null): ContactDraft {
  return {
    id: contact?.id ?? '',
    name: contact?.name ?? '',
    ...eachText((key) => contact?.[key] ?? ''),
    numbers: contact?.numbers.map((number) => ({ ...number, number: telephone({ ...number, extension: null }) })) ?? [],
    emails: contact?.emails.join(', ') ?? '',
    groups: contact?.groups.join(', ') ?? '',
    priority: contact?.priority ?? 'normal',
    fields: fieldDraft(contact?.fields),
  }
}

/** Returns the draft as the API takes it, without the ID, which only a new contact is given. */
function bodyOf({ id: _, ...draft }: ContactDraft, definitions: Definitions) {
  return {
    ...draft,
    ...eachText((key) => draft[key].trim() || null),
    emails: listOf(draft.emails),
    groups: listOf(draft.groups),
    fields: typedFields(draft.fields, definitions),
  }
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
