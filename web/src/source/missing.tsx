import { givesRecords } from '../../../worker/src/connections/facts.ts'
import type { Kind } from '../../../worker/src/connections/kind.ts'
import type { SourceSettings } from '../../../worker/src/core/source.ts'
import { CheckField, RadioField } from '../parts/choice.tsx'
import type { SectionProps } from './draft.ts'

/** Returns what contacts are called that an import no longer brings. */
export function missingTitle(connection: { kind: Kind }): string {
  return givesRecords(connection) ? 'Contacts no longer there' : 'Contacts missing from the file'
}

/** Returns what happens to contacts that an import no longer brings, in a few words. */
export function missingWords({ removal, covers }: Pick<SourceSettings, 'removal' | 'covers'>): string {
  if (removal === 'keep') return 'Kept'
  return covers === 'directory' ? 'Removed, those made by hand too' : 'Removed'
}

/** The choice what happens to contacts missing from the file or from the CRM’s filters. */
export function MissingFields({ draft, change }: SectionProps) {
  const crm = givesRecords(draft.connection)
  return (
    <>
      <RadioField
        path="removal"
        legend={crm ? 'When somebody is no longer among the contacts' : 'When somebody is no longer in the file'}
        value={draft.removal}
        options={[
          {
            value: 'remove',
            label: 'Remove them from the directory',
            hint: 'Only after everything was read. Each removal can be undone.',
          },
          { value: 'keep', label: 'Keep them', hint: 'An import then only adds and changes contacts.' },
        ]}
        onChange={(removal) => change({ removal })}
      />
      {draft.removal === 'remove' ? (
        <CheckField
          path="covers"
          label={crm ? 'This source covers the whole directory' : 'This file covers the whole directory'}
          hint="Contacts that were made by hand and are not in it are removed too, after you have approved it."
          checked={draft.covers === 'directory'}
          onChange={(whole) => change({ covers: whole ? 'directory' : 'own' })}
        />
      ) : null}
    </>
  )
}
