import type { ContactView } from '../../../worker/src/api/views/contact.ts'
import { ATTRIBUTE_KEYS, ATTRIBUTES, type AttributeKey, isText } from '../../../worker/src/core/attributes.ts'
import { History } from '../contact/history.tsx'
import { PersonRights } from '../contact/person-rights.tsx'
import { ReachBlock } from '../contact/reach.tsx'
import { RemoveContact } from '../contact/remove.tsx'
import { SmsBlock } from '../contact/sms.tsx'
import { type Definitions, fieldTexts, useFields } from '../field/definitions.ts'
import { useAll, useLoad } from '../load.ts'
import { Waiting } from '../parts/list.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Block, type Fact, Facts, Page } from '../parts/page.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { useSourceNames } from '../source/names.ts'
import { PRIORITY_WORDS } from '../words.ts'

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
      <div class="contact-page">
        <ReachBlock contact={contact} />
        <Block title="Details">
          <ContactFacts contact={contact} />
        </Block>
        <SmsBlock contact={contact} />
        <Block title="History">
          <History id={contact.id} entries={contact.history ?? []} />
        </Block>
        {may.configure ? <PersonRights contact={contact} /> : null}
      </div>
    </Page>
  )
}

function ContactFacts({ contact }: { contact: ContactView }) {
  const names = useSourceNames()
  const { fields: definitions } = useFields()
  const { sourceId } = contact
  const source =
    sourceId === null ? (
      'Added manually'
    ) : (
      <a href={hrefOf('/sources/:id', { id: sourceId })}>{names.get(sourceId) ?? 'Source'}</a>
    )
  const attributes = ATTRIBUTE_KEYS.flatMap((key) => attributeFacts(contact, key, definitions))
  return <Facts items={[['ID', contact.id], ['Source', source], ...attributes]} />
}

/**
 * Returns the facts to show for an attribute. The name is the title of the page, and the reach has the numbers and e-mail
 * addresses.
 */
function attributeFacts(contact: ContactView, key: AttributeKey, definitions: Definitions): Fact[] {
  const { label } = ATTRIBUTES[key]
  if (key === 'assignedUser') return [[label, contact[key] === null ? null : <Assignee contact={contact} />]]
  if (isText(key)) return [[label, contact[key]]]
  switch (key) {
    case 'name':
    case 'numbers':
    case 'emails':
      return []
    case 'priority':
      return [[label, PRIORITY_WORDS[contact.priority]]]
    case 'groups':
      return [[label, contact.groups.length === 0 ? 'None' : <GroupLinks names={contact.groups} />]]
    case 'fields':
      return Object.entries(contact.fields).map(([field, values]) => {
        const definition = definitions.get(field)
        return [definition?.label ?? field, fieldTexts(definition, values).join('; ')]
      })
  }
}

/** The groups of a contact in the order of the list of groups, with links to their pages. */
function GroupLinks({ names }: { names: readonly string[] }) {
  const { data } = useAll('/api/groups', {})
  if (data === null) return <>{names.join(', ')}</>
  return (
    <>
      {data
        .filter(({ name }) => names.includes(name))
        .map(({ id, name }, at) => (
          <span key={id}>
            {at === 0 ? '' : ', '}
            <a href={hrefOf('/groups/:id', { id })}>{name}</a>
          </span>
        ))}
    </>
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
