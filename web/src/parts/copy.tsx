import { useState } from 'preact/hooks'
import { Field } from './field.tsx'

/** A text with a button that copies it. */
export function CopyField({ path, label, hint, text }: { path: string; label: string; hint?: string; text: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <Field path={path} label={label} {...(hint === undefined ? {} : { hint })}>
      {(control) => (
        <div class="beside">
          <input {...control} class="code" readOnly value={text} onFocus={(event) => event.currentTarget.select()} />
          <button type="button" onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </button>
        </div>
      )}
    </Field>
  )
}
