import { smsValues } from '../../../worker/src/core/sms.ts'
import type { SourceSettings } from '../../../worker/src/core/source.ts'
import { CheckField } from '../parts/choice.tsx'
import type { SectionProps } from './draft.ts'
import { LinesField } from './lines-field.tsx'

/** The values that the source uses for the SMS status, if it is imported (seed: Opt-Out Field). */
export function SmsValues({ draft, change }: SectionProps) {
  const { mapping, smsStatus } = draft
  const entry = mapping?.find(({ to }) => to === 'smsStatus')
  if (entry === undefined) return null
  const set = (part: Partial<typeof smsStatus>) => change({ smsStatus: { ...smsStatus, ...part } })
  return (
    <>
      <div class="pair" key={entry.column}>
        <LinesField
          path="smsStatus.optedIn"
          label="Opted-in values"
          hint="As the source writes them, one on each line; upper and lower case are the same. Nothing else opts anybody in."
          lines={smsValues(smsStatus.optedIn)}
          onChange={(lines) => set({ optedIn: valuesOf(lines) })}
        />
        <LinesField
          path="smsStatus.optedOut"
          label="Opted-out values"
          hint="One on each line. No, STOP, Unsubscribed and the like opt out as well; any other value changes nothing and is named in the report."
          lines={smsValues(smsStatus.optedOut)}
          onChange={(lines) => set({ optedOut: valuesOf(lines) })}
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

type Values = SourceSettings['smsStatus']['optedIn']

/** Returns lines as the setting has them: a list only if there are several. */
function valuesOf(lines: string[]): Values {
  const [only = ''] = lines
  return lines.length > 1 ? lines : only
}
