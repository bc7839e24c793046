import { useState } from 'preact/hooks'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'

interface CopyFieldProps {
  path: string
  label: string
  hint?: string
  text: string
  /** The number of lines of a longer text, such as a program. */
  lines?: number
}

/** A text with a button that copies it. */
export function CopyField({ path, label, hint, text, lines }: CopyFieldProps) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <Field path={path} label={label} {...(hint === undefined ? {} : { hint })}>
      {(control) => (
        <div class="beside">
          {lines === undefined ? (
            <input {...control} class="code" readOnly value={text} onFocus={(event) => event.currentTarget.select()} />
          ) : (
            <textarea {...control} class="code" rows={lines} readOnly wrap="off" value={text} />
          )}
          <button type="button" onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </button>
        </div>
      )}
    </Field>
  )
}

/** A button that copies a text which is not shown. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <button type="button" onClick={copy}>
      <Icon name={copied ? 'check' : 'copy'} />
      {copied ? 'Copied' : label}
    </button>
  )
}
