import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Field } from './field.tsx'

interface FileDropProps {
  path: string
  label: ComponentChildren
  hint?: ComponentChildren
  onFile: (file: File) => void
}

/** A place for a file: it is chosen with the browser’s own control, or dropped anywhere on the box. */
export function FileDrop({ path, label, hint, onFile }: FileDropProps) {
  const [over, setOver] = useState(false)
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0]
    if (file !== undefined) onFile(file)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the control inside is the first
    <div
      class={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer?.files)
      }}
    >
      <Field path={path} label={label} {...(hint === undefined ? {} : { hint })}>
        {(control) => (
          <input
            {...control}
            type="file"
            // The same file can be chosen again, after it was corrected.
            onClick={(event) => {
              event.currentTarget.value = ''
            }}
            onChange={(event) => take(event.currentTarget.files)}
          />
        )}
      </Field>
      <p class="muted small drop-hint">or drop it here</p>
    </div>
  )
}
