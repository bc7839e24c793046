import type { SourceView } from '../../../worker/src/api/views.ts'
import { isUploaded } from '../../../worker/src/connections/facts.ts'
import type { Schedule } from '../../../worker/src/core/source.ts'
import { clock, dateTime } from '../format.ts'
import { Block, Facts } from '../parts/page.tsx'
import { When } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { DAY_WORDS, freshnessWord } from '../words.ts'

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

/** `Mon and Thu at 2:30 a.m.`, `Every night between 1:00 a.m. and 4:00 a.m.` */
function scheduleWords(schedule: Schedule): string {
  if (schedule.kind === 'nightly') return `Every night between ${clock(schedule.from)} and ${clock(schedule.to)}`
  const days = schedule.days.length === 7 ? 'Every day' : list.format(schedule.days.map((day) => DAY_WORDS[day]))
  return `${days} at ${list.format(schedule.times.map(clock))}`
}

const list = new Intl.ListFormat('en', { type: 'conjunction' })
