import { CheckField } from '../parts/choice.tsx'
import { TextField } from '../parts/field.tsx'
import type { SectionProps } from './draft.ts'

/** The values that the source uses for the SMS status, if it is imported (seed: Opt-Out Field). */
export function SmsValues({ draft, change }: SectionProps) {
  const { mapping, smsStatus } = draft
  if (!mapping?.some(({ to }) => to === 'smsStatus')) return null
  const set = (part: Partial<typeof smsStatus>) => change({ smsStatus: { ...smsStatus, ...part } })
  return (
    <>
      <div class="pair">
        <TextField
          path="smsStatus.optedIn"
          label="Opted-in value"
          hint="As the source writes it; upper and lower case are the same."
          value={smsStatus.optedIn}
          onChange={(optedIn) => set({ optedIn })}
        />
        <TextField
          path="smsStatus.optedOut"
          label="Opted-out value"
          hint="Any other value changes nothing, and is named in the report."
          value={smsStatus.optedOut}
          onChange={(optedOut) => set({ optedOut })}
        />
      </div>
      <CheckField
        path="smsStatus.emptyMeansOptedIn"
        label="An empty field is an opt-in"
        hint="Otherwise an empty field leaves the SMS status as it is."
        checked={smsStatus.emptyMeansOptedIn}
        onChange={(emptyMeansOptedIn) => set({ emptyMeansOptedIn })}
      />
      <p class="muted">
        Whoever opts out here stays opted out, until the source has shown the opt-out and then a new opt-in, or the
        person or a manager lifts it.
      </p>
    </>
  )
}
