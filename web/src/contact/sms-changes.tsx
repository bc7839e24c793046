import { dateTime } from '../format.ts'
import { useLoad } from '../load.ts'
import { byWord, SMS_WORDS, WRITE_BACK_WORDS } from '../words.ts'

/** Every SMS status of the contact, newest first. */
export function SmsChanges({ contactKey }: { contactKey: string }) {
  const { data } = useLoad('/api/contacts/:key/sms-changes', { key: contactKey })
  if (data === null || data.items.length === 0) return null
  return (
    <details class="fold">
      <summary>Changes of the SMS status</summary>
      <ol class="plain history">
        {data.items.map((entry) => (
          <li key={entry.at + entry.status}>
            <time dateTime={entry.at} class="muted">
              {dateTime(entry.at)}
            </time>
            <div>
              {SMS_WORDS[entry.status]}
              {entry.by === null ? '' : ` by ${byWord(entry.by)}`}
              {entry.reason === null ? '' : `: ${entry.reason}`}
              {entry.writeBack === null ? null : (
                <span class="muted line">
                  {WRITE_BACK_WORDS[entry.writeBack]}
                  {entry.failure === null ? '' : ` (${entry.failure})`}
                </span>
              )}
            </div>
          </li>
        ))}
      </ol>
    </details>
  )
}
