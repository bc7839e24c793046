import type { ContactView } from '../../../worker/src/api/views/contact.ts'
import { CHANNEL_NUMBERS, CHANNELS, type Channel, reasonsAgainst } from '../../../worker/src/core/channels.ts'
import { Icon } from '../parts/icon.tsx'
import { Block } from '../parts/page.tsx'
import { NUMBER_TYPE_WORDS } from '../words.ts'
import { CHANNEL_WORDS, listed, UNREACHED_WORDS } from './channel-words.ts'
import { telephone } from './telephone.ts'

/** How a contact can be reached now, by what, and why not: the first thing that a coordinator asks. */
export function ReachBlock({ contact }: { contact: ContactView }) {
  const ways = CHANNELS.map((channel) => ({ channel, against: reasonsAgainst(channel, contact, contact.sms.status) }))
  const by = ways.flatMap(({ channel, against }) => (against.length === 0 ? [CHANNEL_WORDS[channel].by] : []))
  return (
    <Block title="Reach">
      <p class="reach-answer">{by.length === 0 ? 'Nobody can reach this contact.' : `Can be reached ${listed(by)}.`}</p>
      <ul class="plain reach">
        {ways.map(({ channel, against }) => (
          <li key={channel} class={against.length === 0 ? 'reached' : 'unreached'}>
            <span class="reach-channel">
              <Icon name={CHANNEL_WORDS[channel].icon} /> {CHANNEL_WORDS[channel].name}
            </span>
            {against.length === 0 ? (
              <Ways contact={contact} channel={channel} />
            ) : (
              <span class="muted">{against.map((reason) => UNREACHED_WORDS[reason]).join(', and ')}</span>
            )}
          </li>
        ))}
      </ul>
    </Block>
  )
}

/** The numbers or addresses that a channel uses, in the order of the contact. */
function Ways({ contact, channel }: { contact: ContactView; channel: Channel }) {
  if (channel === 'email')
    return (
      <span class="stack">
        {contact.emails.map((email) => (
          <a key={email} class="break" href={`mailto:${encodeURIComponent(email)}`}>
            {email}
          </a>
        ))}
      </span>
    )
  const numbers = contact.numbers.filter(({ type }) => CHANNEL_NUMBERS[channel].includes(type))
  return (
    <span class="stack">
      {numbers.map((number) => (
        <span key={telephone(number) + number.type}>
          <a class="nowrap" href={`${channel === 'sms' ? 'sms' : 'tel'}:${number.number}`}>
            {telephone(number)}
          </a>{' '}
          <span class="muted">
            {NUMBER_TYPE_WORDS[number.type].toLowerCase()}
            {number.description === null ? '' : `, ${number.description}`}
          </span>
        </span>
      ))}
    </span>
  )
}
