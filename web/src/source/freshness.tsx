import { SelectField } from '../parts/field.tsx'
import { freshnessWord } from '../words.ts'
import type { SectionProps } from './draft.ts'

/** The usual limits for a daily, weekly and monthly file, in hours, with some time to spare. */
const USUAL = [36, 192, 768]

/** The time within which the file must change (design: Schedules). */
export function FreshnessFields({ draft: { freshness }, change }: SectionProps) {
  const hours = freshness?.atLeastEveryHours
  const offered = hours === undefined || USUAL.includes(hours) ? USUAL : [hours, ...USUAL]
  return (
    <SelectField
      path="freshness.atLeastEveryHours"
      label="Tell people when the file is late"
      hint="A file that stays the same is no failure, yet often means that somebody’s export has stopped."
      value={hours === undefined ? '' : String(hours)}
      options={[
        ['', 'Never'],
        ...offered.map((one) => [String(one), `After ${freshnessWord(one)} without a change`] as const),
      ]}
      onChange={(value) => change({ freshness: value === '' ? null : { atLeastEveryHours: Number(value) } })}
    />
  )
}
