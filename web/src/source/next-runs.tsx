import { useEffect, useState } from 'preact/hooks'
import type { Schedule } from '../../../worker/src/core/source.ts'
import { clock, dateOf } from '../format.ts'
import { When } from '../parts/when.tsx'
import { DAY_WORDS } from '../words.ts'

const SHOWN = 5

/** A schedule in words with its next runs, before it is saved. `sourceId` is null for a new source. */
export function NextRuns({ schedule, sourceId }: { schedule: Schedule; sourceId: string | null }) {
  const [runs, setRuns] = useState<Date[]>([])
  const key = JSON.stringify(schedule)
  useEffect(() => {
    let current = true
    // The calendar is only loaded where a schedule is made.
    void import('../../../worker/src/schedule/due.ts').then(({ nextRuns }) => {
      if (current) setRuns(isWhole(schedule) ? nextRuns(schedule, sourceId ?? '', new Date(), SHOWN) : [])
    })
    return () => {
      current = false
    }
  }, [key, sourceId])
  // The minute of a night comes from the source's ID, which a new source does not have yet.
  const nights = schedule.kind === 'nightly' && sourceId === null
  return (
    <div class="next-runs">
      <p>
        <strong>{scheduleWords(schedule)}</strong> <span class="muted">{schedule.timeZone.replaceAll('_', ' ')}</span>
      </p>
      {runs.length === 0 ? null : (
        <>
          <p class="muted">The next {runs.length}:</p>
          <ol class="plain">
            {runs.map((run) => (
              <li key={run.getTime()}>
                {nights ? (
                  dateOf(run.toISOString(), schedule.timeZone)
                ) : (
                  <When at={run.toISOString()} zone={schedule.timeZone} />
                )}
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  )
}

/** A schedule that is being changed may have no day, or no time yet. */
function isWhole(schedule: Schedule): boolean {
  const times = schedule.kind === 'weekly' ? schedule.times : [schedule.from, schedule.to]
  return times.every((time) => time !== '') && (schedule.kind === 'nightly' || schedule.days.length > 0)
}

/** `Mon and Thu at 2:30 a.m.`, `Every night between 1:00 a.m. and 4:00 a.m.` */
export function scheduleWords(schedule: Schedule): string {
  if (schedule.kind === 'nightly') return `Every night between ${clock(schedule.from)} and ${clock(schedule.to)}`
  const days = schedule.days.length === 7 ? 'Every day' : list.format(schedule.days.map((day) => DAY_WORDS[day]))
  return `${days} at ${list.format(schedule.times.map(clock))}`
}

const list = new Intl.ListFormat('en', { type: 'conjunction' })
