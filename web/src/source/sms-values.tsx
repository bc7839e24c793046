import { useState } from 'preact/hooks'
import { smsValues } from '../../../worker/src/core/sms.ts'
import type { SourceSettings } from '../../../worker/src/core/source.ts'
import { CheckField } from '../parts/choice.tsx'
import { Field } from '../parts/field.tsx'
import type { SectionProps } from './draft.ts'

/** The values that the source uses for the SMS status, if it is imported (seed: Opt-Out Field). */
export function SmsValues({ draft, change }: SectionProps) {
  const { mapping, smsStatus } = draft
  if (!mapping?.some(({ to }) => to === 'smsStatus')) return null
  const set = (part: Partial<typeof smsStatus>) => change({ smsStatus: { ...smsStatus, ...part } })
  return (
    <>
      <div class="pair">
        <ValuesField
          path="smsStatus.optedIn"
          label="Opted-in values"
          hint="As the source writes them, one on each line; upper and lower case are the same. Nothing else opts anybody in."
          values={smsStatus.optedIn}
          onChange={(optedIn) => set({ optedIn })}
        />
        <ValuesField
          path="smsStatus.optedOut"
          label="Opted-out values"
          hint="One on each line. No, STOP, Unsubscribed and the like opt out as well; any other value changes nothing and is named in the report."
          values={smsStatus.optedOut}
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

type Values = SourceSettings['smsStatus']['optedIn']

interface ValuesProps {
  path: string
  label: string
  hint: string
  values: Values
  onChange: (values: Values) => void
}

/** The input for one or several values. */
function ValuesField({ values, onChange, ...field }: ValuesProps) {
  // The text is kept as it is typed: a line is blank before its first letter.
  const [text, setText] = useState(() => smsValues(values).join('\n'))
  const set = (typed: string) => {
    setText(typed)
    onChange(typedValues(typed))
  }
  return (
    <Field {...field}>
      {(control) => (
        <textarea
          {...control}
          rows={Math.max(2, text.split('\n').length)}
          spellcheck={false}
          value={text}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

/** Returns the value on each line that is not blank: a list only if there are several. */
function typedValues(text: string): Values {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const [only = ''] = lines
  return lines.length > 1 ? lines : only
}
