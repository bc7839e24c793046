import { givesRecords } from '../../../worker/src/connections/facts.ts'
import { SelectField } from '../parts/field.tsx'
import { freshnessWord } from '../words.ts'
import type { SectionProps } from './draft.ts'

/** The usual limits for a daily, weekly and monthly file, in hours, with some time to spare. */
const USUAL = [36, 192, 768]

/** The time within which the file must change (design: Schedules). */
export function FreshnessFields({ draft: { connection, freshness }, change }: SectionProps) {
  const crm = givesRecords(connection)
  const hours = freshness?.atLeastEveryHours
  const offered = hours === undefined || USUAL.includes(hours) ? USUAL : [hours, ...USUAL]
  return (
    <SelectField
      path="freshness.atLeastEveryHours"
      label={crm ? 'Tell people when nothing changes for long' : 'Tell people when the file is late'}
      hint={
        crm
          ? 'That is no failure, yet often means that nobody keeps the contacts up to date.'
          : 'A file that stays the same is no failure, yet often means that somebody’s export has stopped.'
      }
      value={hours === undefined ? '' : String(hours)}
      options={[
        ['', 'Never'],
        ...offered.map((one) => [String(one), `After ${freshnessWord(one)} without a change`] as const),
      ]}
      onChange={(value) => change({ freshness: value === '' ? null : { atLeastEveryHours: Number(value) } })}
    />
  )
}
