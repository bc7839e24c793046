import type { GroupReachView } from '../../../worker/src/api/views/contact.ts'
import { CHANNELS, type Channel } from '../../../worker/src/core/channels.ts'
import { CHANNEL_WORDS } from '../contact/channel-words.ts'
import { GroupActions } from '../contact/group-actions.tsx'
import { Recipients, Unreached } from '../contact/recipients.tsx'
import { count, countOf } from '../format.ts'
import { useLoad } from '../load.ts'
import { Waiting } from '../parts/list.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { go, hrefOf } from '../router.ts'
import { useMay } from '../session.ts'

/** A group: whom a message to it reaches by each channel, in order, and whom it does not reach and why. */
export function GroupPage({ id }: { id: string }) {
  const may = useMay()
  const { data: group, problem } = useLoad('/api/groups/:id', { id })
  if (group === null) return problem === null ? <Waiting /> : <ProblemNotice problem={problem} />
  return (
    <Page
      title={group.name}
      up={{ href: '/groups', label: 'Groups' }}
      actions={
        <a class="button" href={hrefOf('/contacts', { query: { group: id } })}>
          Show {countOf(group.contacts, 'contact')}
        </a>
      }
      menu={may.editContacts ? <GroupActions group={group} onDeleted={() => go('/groups', { replace: true })} /> : null}
    >
      <Answer group={group} />
      <Tabs
        label="Channels"
        tabs={CHANNELS.map((channel) => ({
          id: channel,
          label: CHANNEL_WORDS[channel].name,
          content: () => <ByChannel group={group} channel={channel} key={channel} />,
        }))}
      />
    </Page>
  )
}

/** The reach of a group in one sentence, with a link to those who cannot be reached by anything. */
function Answer({ group: { id, contacts, reach } }: { group: GroupReachView }) {
  const nobody = hrefOf('/contacts', { query: { group: id, reach: 'nobody' } })
  return (
    <p class="lead answer">
      {count(reach.sms)} of {countOf(contacts, 'person', 'people')} can be reached by text, {count(reach.voice)} by
      voice, {count(reach.email)} by e-mail
      {reach.pager === 0 ? '' : `, ${count(reach.pager)} by pager`}.{' '}
      {reach.nobody === 0 ? null : <a href={nobody}>{countOf(reach.nobody, 'person', 'people')} by nothing</a>}
    </p>
  )
}

function ByChannel({ group, channel }: { group: GroupReachView; channel: Channel }) {
  const missed = group.contacts - group.reach[channel]
  return (
    <div class="reach-columns">
      <section class="block">
        <div class="block-head">
          <h2>Recipients in order</h2>
          <span class="muted">{countOf(group.reach[channel], 'person', 'people')}</span>
        </div>
        <Recipients group={group.id} channel={channel} />
      </section>
      {missed === 0 ? null : (
        <section class="block" id="unreached">
          <div class="block-head">
            <h2>Not reached {CHANNEL_WORDS[channel].by}</h2>
            <span class="muted">{countOf(missed, 'person', 'people')}</span>
          </div>
          <Unreached group={group.id} channel={channel} />
        </section>
      )}
    </div>
  )
}
