import { CheckField, RadioField } from '../parts/choice.tsx'
import type { SectionProps } from './draft.ts'

/** What happens to people whom the file no longer has. */
export function MissingFields({ draft, change }: SectionProps) {
  return (
    <>
      <RadioField
        path="removal"
        legend="When somebody is no longer in the file"
        value={draft.removal}
        options={[
          {
            value: 'remove',
            label: 'Remove them from the directory',
            hint: 'Only after the complete file was read. Each removal can be undone.',
          },
          { value: 'keep', label: 'Keep them', hint: 'The file then only adds and changes contacts.' },
        ]}
        onChange={(removal) => change({ removal })}
      />
      {draft.removal === 'remove' ? (
        <CheckField
          path="covers"
          label="This file covers the whole directory"
          hint="Contacts that were made by hand and are not in the file are removed too, after you have approved it."
          checked={draft.covers === 'directory'}
          onChange={(whole) => change({ covers: whole ? 'directory' : 'own' })}
        />
      ) : null}
    </>
  )
}
