import type { Schedule } from '../../../worker/src/core/source.ts'
import { RadioField } from '../parts/choice.tsx'
import { Combobox } from '../parts/combobox.tsx'
import { Field } from '../parts/field.tsx'
import { zoneOptions } from '../places.ts'
import { DAY_WORDS } from '../words.ts'
import type { SectionProps } from './draft.ts'

type Weekly = Extract<Schedule, { kind: 'weekly' }>
type Nightly = Extract<Schedule, { kind: 'nightly' }>
type Day = Weekly['days'][number]

const KINDS = [
  { value: 'none', label: 'Only when I ask', hint: 'With Import now, or when the remote side calls the webhook.' },
  { value: 'weekly', label: 'On some days of the week', hint: 'One or several days, one or several times.' },
  { value: 'nightly', label: 'Every night', hint: 'At a quiet minute between two times.' },
] as const

/** The nightly window that the seed names. */
export const NIGHTLY: Nightly = { kind: 'nightly', from: '01:00', to: '04:00', timeZone: 'America/New_York' }

/** Returns the initial schedule of a kind. */
function startOf(kind: (typeof KINDS)[number]['value'], timeZone: string): Schedule | null {
  if (kind === 'none') return null
  if (kind === 'nightly') return NIGHTLY
  return { kind, days: ['mon', 'tue', 'wed', 'thu', 'fri'], times: ['02:30'], timeZone }
}

/** The schedule of automatic imports (seed: Step 5; Nightly Import). `timeZone` is the zone of a new schedule. */
export function ScheduleFields({ draft, change, timeZone }: SectionProps & { timeZone: string }) {
  const { schedule } = draft
  const set = (next: Schedule | null) => change({ schedule: next })
  return (
    <>
      <RadioField
        path="schedule"
        legend="How often to import"
        value={schedule?.kind ?? 'none'}
        options={KINDS}
        onChange={(kind) => set(startOf(kind, timeZone))}
      />
      {schedule?.kind === 'weekly' ? <WeeklyFields schedule={schedule} set={set} /> : null}
      {schedule?.kind === 'nightly' ? <NightlyFields schedule={schedule} set={set} /> : null}
      {schedule === null ? null : (
        <Combobox
          path="schedule.timeZone"
          label="Time zone"
          value={schedule.timeZone}
          options={zoneOptions(schedule.timeZone)}
          onChange={(zone) => set({ ...schedule, timeZone: zone })}
        />
      )}
    </>
  )
}

function WeeklyFields({ schedule, set }: { schedule: Weekly; set: (next: Weekly) => void }) {
  const { days, times } = schedule
  const toggle = (day: Day) => {
    const next = days.includes(day) ? days.filter((one) => one !== day) : [...days, day]
    set({ ...schedule, days: next })
  }
  const setTime = (index: number, time: string) => set({ ...schedule, times: times.with(index, time) })
  return (
    <>
      <fieldset>
        <legend>Days</legend>
        <div class="chips">
          {dayNames().map(([day, label]) => (
            <label key={day} class="chip">
              <input
                type="checkbox"
                data-path="schedule.days"
                checked={days.includes(day)}
                onChange={() => toggle(day)}
              />
              <span>{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>Times</legend>
        <div class="chips">
          {times.map((time, index) => (
            // A time has no unique name, so its index is its key.
            <span key={index} class="time">
              <input
                type="time"
                required
                aria-label={`Time ${index + 1}`}
                data-path={`schedule.times.${index}`}
                value={time}
                onInput={(event) => setTime(index, event.currentTarget.value)}
              />
              {times.length === 1 ? null : (
                <button
                  type="button"
                  class="link"
                  aria-label={`Remove time ${index + 1}`}
                  onClick={() => set({ ...schedule, times: times.toSpliced(index, 1) })}
                >
                  Remove
                </button>
              )}
            </span>
          ))}
          <button type="button" onClick={() => set({ ...schedule, times: [...times, '12:00'] })}>
            Add a time
          </button>
        </div>
      </fieldset>
    </>
  )
}

function dayNames(): [Day, string][] {
  return (Object.keys(DAY_WORDS) as Day[]).map((day) => [day, DAY_WORDS[day]])
}

function NightlyFields({ schedule, set }: { schedule: Nightly; set: (next: Nightly) => void }) {
  return (
    <div class="pair">
      {(['from', 'to'] as const).map((end) => (
        <Field key={end} path={`schedule.${end}`} label={end === 'from' ? 'Between' : 'and'}>
          {(control) => (
            <input
              {...control}
              type="time"
              required
              value={schedule[end]}
              onInput={(event) => set({ ...schedule, [end]: event.currentTarget.value })}
            />
          )}
        </Field>
      ))}
    </div>
  )
}
