import type { ComponentChildren } from 'preact'
import { useId, useRef, useState } from 'preact/hooks'
import { count } from '../format.ts'
import { useComboboxNav } from './combobox-nav.ts'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'

interface Option {
  value: string
  label: string
}

interface ComboboxProps {
  /** The dotted path of the value in the body; refusals name it. */
  path?: string
  label: ComponentChildren
  hint?: ComponentChildren
  value: string
  options: readonly Option[]
  placeholder?: string
  /** Returns what is typed as an option of its own; null where only the listed ones can be chosen. */
  asTyped?: (typed: string) => Option | null
  onChange: (value: string) => void
}

/** The most options that are in the page at a time; typing finds the others. */
const MOST = 500

/** One of many values, found by typing a part of its words. What is typed and not chosen is forgotten. */
export function Combobox({ path, label, hint, value, options, placeholder, asTyped, onChange }: ComboboxProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  /** What is typed; null while the list is closed. */
  const [typed, setTyped] = useState<string | null>(null)
  const chosen = options.find((option) => option.value === value)?.label ?? value
  const listed = typed === null ? [] : found(options, typed)
  const own = asTyped?.(typed ?? '') ?? null
  const fitting = own === null || listed.some((option) => option.value === own.value) ? listed : [...listed, own]
  const shown = fitting.slice(0, MOST)
  const open = () => {
    if (typed !== null) return
    setTyped('')
    input.current?.select()
    if (input.current !== null) list.current?.showPopover({ source: input.current })
  }
  const close = () => {
    setTyped(null)
    list.current?.hidePopover()
  }
  useComboboxNav(input, list, {
    open: typed !== null,
    shown: typed,
    onCommit: (committed) => {
      close()
      onChange(committed)
    },
  })
  return (
    <Field path={path ?? ''} label={label} {...(hint === undefined ? {} : { hint })}>
      {(control) => (
        <div class="combobox">
          <input
            {...control}
            ref={input}
            type="text"
            autoComplete="off"
            spellcheck={false}
            placeholder={placeholder ?? ''}
            value={typed === null || typed === '' ? chosen : typed}
            role="combobox"
            aria-expanded={typed !== null}
            aria-controls={id}
            onClick={open}
            onInput={(event) => {
              const text = event.currentTarget.value
              open()
              setTyped(text)
            }}
            onKeyDown={(event) => {
              if (event.key === 'ArrowDown' || event.key === 'ArrowUp') open()
              if (event.key === 'Escape' && typed !== null) {
                // The dialog around it stays open.
                event.preventDefault()
                event.stopPropagation()
                close()
              }
            }}
            onBlur={() => {
              // A value that is typed in full is chosen too.
              const whole = fitting.find((option) => option.value === typed?.trim())
              close()
              if (whole !== undefined) onChange(whole.value)
            }}
          />
          <Icon name="expand" />
          <div
            class="choices"
            id={id}
            ref={list}
            role="listbox"
            tabIndex={-1}
            popover="manual"
            aria-label={typeof label === 'string' ? label : 'Choices'}
            // The field keeps the focus while an option is pressed.
            onMouseDown={(event) => event.preventDefault()}
          >
            {shown.map((option, index) => (
              <div key={option.value} id={`${id}-${index}`} role="option" tabIndex={-1} data-value={option.value}>
                {option.label}
              </div>
            ))}
            {fitting.length === 0 || fitting.length > MOST ? (
              <div role="option" tabIndex={-1} aria-disabled="true" class="muted">
                {fitting.length === 0
                  ? 'Nothing fits.'
                  : `${count(fitting.length - MOST)} more: type a part of the name.`}
              </div>
            ) : null}
          </div>
        </div>
      )}
    </Field>
  )
}

/** Returns the options with every typed word in their label, those first whose label begins with what is typed. */
function found(options: readonly Option[], typed: string): readonly Option[] {
  const words = plain(typed).split(/\s+/).filter(Boolean)
  if (words.length === 0) return options
  const fits = options.filter(({ label }) => words.every((word) => plain(label).includes(word)))
  const first = (option: Option) => (plain(option.label).startsWith(plain(typed)) ? 0 : 1)
  return fits.toSorted((a, b) => first(a) - first(b))
}

/** Returns a text without what is not typed: case, accents, and the marks of names such as `America/Port_of_Spain`. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[/_-]/g, ' ').toLowerCase()
}
