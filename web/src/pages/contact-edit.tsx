import { ContactForm } from '../contact/form.tsx'
import { useLoad } from '../load.ts'
import { Waiting } from '../parts/list.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { hrefOf } from '../router.ts'
import { useSession } from '../session.ts'

/** The page that adds or edits a contact (`contactKey` null: a new one), only while contacts are managed here. */
export function ContactEdit({ contactKey }: { contactKey: string | null }) {
  const { managedRemotely } = useSession()
  const { data: contact, problem } = useLoad('/api/contacts/:key', contactKey === null ? null : { key: contactKey })
  if (contactKey !== null && contact === null)
    return problem === null ? <Waiting /> : <ProblemNotice problem={problem} />
  const up =
    contact === null
      ? { href: '/contacts', label: 'Contacts' }
      : { href: hrefOf('/contacts/:key', { key: contact.key }), label: contact.name }
  return (
    <Page title={contact === null ? 'Add a contact' : 'Edit contact'} up={up}>
      {managedRemotely ? (
        <Notice tone="wait" title="Contacts are managed in your source">
          <p>
            A source is enabled, so contacts and groups are changed there. <a href="/sources">Show the sources</a>
          </p>
        </Notice>
      ) : (
        <ContactForm saved={contact} />
      )}
    </Page>
  )
}
