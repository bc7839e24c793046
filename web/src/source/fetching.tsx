import { RadioField } from '../parts/choice.tsx'
import type { SectionProps } from './draft.ts'

/** Returns what a scheduled import fetches, in a few words. */
export function fetchingWords({ changesOnly }: SectionProps['draft']): string {
  return changesOnly ? 'New and changed contacts only' : 'Everything each time'
}

/** The choice which contacts a scheduled import fetches from a CRM (seed: new or changed contact records). */
export function FetchingFields({ draft, change }: SectionProps) {
  return (
    <RadioField
      path="changesOnly"
      legend="What a scheduled import fetches"
      value={draft.changesOnly ? 'changes' : 'all'}
      options={[
        {
          value: 'changes',
          label: 'New and changed contacts only',
          hint: 'By their modified date, since the import before. Where contacts are removed, everything once a week.',
        },
        { value: 'all', label: 'Everything each time' },
      ]}
      onChange={(what) => change({ changesOnly: what === 'changes' })}
    />
  )
}
