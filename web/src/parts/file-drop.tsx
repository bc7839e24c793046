import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { bytes } from '../format.ts'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'

interface FileDropProps {
  path: string
  label: ComponentChildren
  hint?: ComponentChildren
  /** The file that was chosen; null before one was. */
  file?: File | null
  onFile: (file: File) => void
}

/** A place for a file: it is chosen with the browser’s own control, which fills the box, or dropped anywhere on it. */
export function FileDrop({ path, label, hint, file = null, onFile }: FileDropProps) {
  const [over, setOver] = useState(false)
  const take = (files: FileList | null | undefined) => {
    const chosen = files?.[0]
    if (chosen !== undefined) onFile(chosen)
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
      <Icon name={file === null ? 'upload' : 'file'} />
      <Field path={path} label={label} {...(hint === undefined ? {} : { hint })}>
        {(control) => (
          <>
            <input
              {...control}
              type="file"
              // The same file can be chosen again, after it was corrected.
              onClick={(event) => {
                event.currentTarget.value = ''
              }}
              onChange={(event) => take(event.currentTarget.files)}
            />
            <p class="drop-file">
              {file === null ? null : (
                <>
                  <strong class="break">{file.name}</strong> <span class="muted">{bytes(file.size)}</span>
                </>
              )}
              <span class="button" aria-hidden="true">
                {file === null ? 'Choose a file' : 'Choose another'}
              </span>
              <span class="muted drop-hint" aria-hidden="true">
                or drop it here
              </span>
            </p>
          </>
        )}
      </Field>
    </div>
  )
}
