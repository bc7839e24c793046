import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { givesRecords, isUploaded } from '../../../worker/src/connections/facts.ts'
import { dateTime } from '../format.ts'
import { Facts } from '../parts/page.tsx'
import { When } from '../parts/when.tsx'
import { freshnessWord } from '../words.ts'
import { scheduleWords } from './next-runs.tsx'

/** The schedule of a source in words, and its next runs in its zone and the viewer’s. */
export function ScheduleFacts({ source }: { source: SourceView }) {
  const { schedule, nextRuns, freshness, fileChangedAt, connection } = source
  const asked = isUploaded(connection) ? 'When a file is uploaded' : 'When you ask for it'
  return (
    <Facts
      items={[
        ['Imported', schedule === null ? asked : scheduleWords(schedule)],
        ['Time zone', schedule === null ? null : schedule.timeZone.replaceAll('_', ' ')],
        [
          'Next runs',
          schedule === null ? null : nextRuns.length === 0 ? (
            'None while disabled'
          ) : (
            <ol class="plain">
              {nextRuns.map((at) => (
                <li key={at}>
                  <When at={at} zone={schedule.timeZone} />
                </li>
              ))}
            </ol>
          ),
        ],
        [
          `${givesRecords(connection) ? 'Contacts' : 'File'} last changed`,
          fileChangedAt === null ? null : dateTime(fileChangedAt),
        ],
        ['Late after', freshness === null ? null : `${freshnessWord(freshness.atLeastEveryHours)} without a change`],
      ]}
    />
  )
}
