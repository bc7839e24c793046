import type { SourceView } from '../../../worker/src/api/views.ts'
import { isUploaded } from '../../../worker/src/connections/facts.ts'
import { dateTime } from '../format.ts'
import { Block, Facts } from '../parts/page.tsx'
import { When } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { freshnessWord } from '../words.ts'
import { scheduleWords } from './next-runs.tsx'

/** The seed’s *Import Schedule* block: the schedule in words, and the next runs in its zone and the viewer’s. */
export function ScheduleBlock({ source }: { source: SourceView }) {
  const may = useMay()
  const { schedule, nextRuns, freshness, fileChangedAt, connection } = source
  const asked = isUploaded(connection) ? 'When a file is uploaded' : 'When you ask for it'
  return (
    <Block
      title="Import schedule"
      aside={
        may.configure ? (
          <a href={hrefOf('/sources/:id/edit', { id: source.id, query: { at: 'schedule' } })}>
            Edit<span class="hidden"> import schedule</span>
          </a>
        ) : null
      }
    >
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
          ['File last changed', fileChangedAt === null ? null : dateTime(fileChangedAt)],
          ['Late after', freshness === null ? null : `${freshnessWord(freshness.atLeastEveryHours)} without a change`],
        ]}
      />
    </Block>
  )
}
