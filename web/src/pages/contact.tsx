import type { ContactView } from '../../../worker/src/api/views.ts'
import { ATTRIBUTE_KEYS, ATTRIBUTES, type AttributeKey, isText } from '../../../worker/src/core/attributes.ts'
import { History } from '../contact/history.tsx'
import { PersonRights } from '../contact/person-rights.tsx'
import { RemoveContact } from '../contact/remove.tsx'
import { SmsBlock } from '../contact/sms.tsx'
import { telephone } from '../contact/telephone.ts'
import { type Definitions, fieldTexts, useFields } from '../field/definitions.ts'
import { useLoad } from '../load.ts'
import { Waiting } from '../parts/list.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Block, type Fact, Facts, Page } from '../parts/page.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { useSourceNames } from '../source/names.ts'
import { NUMBER_TYPE_WORDS, PRIORITY_WORDS } from '../words.ts'

/** The page of a contact, with all its data. */
export function ContactPage({ contactKey }: { contactKey: string }) {
  const may = useMay()
  const { data: contact, problem } = useLoad('/api/contacts/:key', { key: contactKey })
  if (contact === null) return problem === null ? <Waiting /> : <ProblemNotice problem={problem} />
  return (
    <Page
      title={contact.name}
      up={{ href: '/contacts', label: 'Contacts' }}
      actions={
        may.editContacts ? (
          <>
            <a class="button" href={hrefOf('/contacts/:key/edit', { key: contact.key })}>
              Edit
            </a>
            <RemoveContact contact={contact} />
          </>
        ) : null
      }
    >
      <div class="columns">
        <Block title="Contact">
          <ContactFacts contact={contact} />
        </Block>
        <div>
          <Block title="Numbers">
            <Numbers contact={contact} />
          </Block>
          <SmsBlock contact={contact} />
        </div>
      </div>
      <Block title="History">
        <History id={contact.id} entries={contact.history ?? []} />
      </Block>
      {may.configure ? <PersonRights contact={contact} /> : null}
    </Page>
  )
}

function ContactFacts({ contact }: { contact: ContactView }) {
  const names = useSourceNames()
  const { fields: definitions } = useFields()
  const { sourceId } = contact
  const source =
    sourceId === null ? (
      'Made by hand'
    ) : (
      <a href={hrefOf('/sources/:id', { id: sourceId })}>{names.get(sourceId) ?? 'Source'}</a>
    )
  const attributes = ATTRIBUTE_KEYS.flatMap((key) => attributeFacts(contact, key, definitions))
  return <Facts items={[['ID', contact.id], ['Source', source], ...attributes]} />
}

/**
 * Returns the facts to show for an attribute. The name is the title of the page, and the numbers have their own block.
 */
function attributeFacts(contact: ContactView, key: AttributeKey, definitions: Definitions): Fact[] {
  const { label } = ATTRIBUTES[key]
  if (key === 'assignedUser') return [[label, contact[key] === null ? null : <Assignee contact={contact} />]]
  if (isText(key)) return [[label, contact[key]]]
  switch (key) {
    case 'name':
    case 'numbers':
      return []
    case 'emails':
      return [
        [
          label,
          contact.emails.length === 0 ? null : contact.emails.map((email) => <Email key={email} email={email} />),
        ],
      ]
    case 'priority':
      return [[label, PRIORITY_WORDS[contact.priority]]]
    case 'groups':
      return [[label, contact.groups.join(', ') || 'None']]
    case 'fields':
      return Object.entries(contact.fields).map(([field, values]) => {
        const definition = definitions.get(field)
        return [definition?.label ?? field, fieldTexts(definition, values).join('; ')]
      })
  }
}

function Email({ email }: { email: string }) {
  return (
    <a class="line break" href={`mailto:${encodeURIComponent(email)}`}>
      {email}
    </a>
  )
}

function Assignee({ contact: { assignedUser, assignedTo } }: { contact: ContactView }) {
  if (assignedTo != null) return <>{`${assignedTo.name} (${assignedUser})`}</>
  return (
    <>
      Nobody <span class="muted">(no user has the User ID {assignedUser})</span>
    </>
  )
}

function Numbers({ contact: { numbers } }: { contact: ContactView }) {
  if (numbers.length === 0) return <p class="muted">No number.</p>
  return (
    <ul class="plain lines">
      {numbers.map((number) => (
        <li key={telephone(number) + number.type}>
          <span class="nowrap">{telephone(number)}</span>
          <span class="muted">
            {NUMBER_TYPE_WORDS[number.type]}
            {number.description === null ? '' : `, ${number.description}`}
          </span>
        </li>
      ))}
    </ul>
  )
}
