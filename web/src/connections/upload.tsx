import { CheckField } from '../parts/choice.tsx'
import type { KindFieldsProps, KindForm } from './kind.ts'

/** A file that a person or a program uploads. */
export const upload: KindForm<'upload'> = {
  choices: [
    {
      value: 'upload',
      label: 'A file that you upload',
      short: 'A file from this computer',
      icon: 'upload',
      hint: 'Choose it or drop it here. A program of yours can send the next one.',
      start: () => ({ kind: 'upload', once: false }),
      is: () => true,
    },
  ],
  draft: ({ kind, once }) => ({ kind, once }),
  Fields: UploadFields,
  summary: ({ once }) => [
    ['Where', 'A file that you upload'],
    ['Import once', once ? 'The source is disabled when its import has ended' : null],
  ],
}

function UploadFields({ draft, onChange }: KindFieldsProps<'upload'>) {
  return (
    <CheckField
      path="connection.once"
      label="Import once"
      hint="Disables this source when its import has ended. Contacts and groups can then be changed in Muster again."
      checked={draft.once === true}
      onChange={(once) => onChange({ ...draft, once })}
    />
  )
}
