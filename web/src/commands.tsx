import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useAll } from './load.ts'
import { PAGES, SETTINGS } from './navigation.ts'
import { useComboboxNav } from './parts/combobox-nav.ts'
import { Icon, type IconName } from './parts/icon.tsx'
import { go, hrefOf } from './router.ts'
import { useMay, useSession } from './session.ts'

interface Command {
  href: string
  label: string
  icon: IconName
}

/** A dialog that leads to any page or source by a part of its name. `begun`: what was typed before it was there. */
export function CommandMenu({ begun, onClose }: { begun: string; onClose: () => void }) {
  const [typed, setTyped] = useState(begun)
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const commands = useCommands()
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = commands.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)))
  useModal(dialog)
  useComboboxNav(input, list, {
    open: true,
    shown: `${typed} ${commands.length}`,
    onCommit: (href) => {
      onClose()
      go(href)
    },
  })
  return (
    <dialog ref={dialog} class="commands" aria-label="Go to a page or a source" closedby="any" onClose={onClose}>
      <div class="commands-search">
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          placeholder="Go to a page or a source"
          aria-label="Go to a page or a source"
          autoComplete="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <div
        ref={list}
        class="commands-found"
        role="listbox"
        tabIndex={-1}
        aria-label="Pages and sources"
        // The field keeps the focus while a command is pressed.
        onMouseDown={(event) => event.preventDefault()}
      >
        {shown.map(({ href, label, icon }, index) => (
          <div key={href} id={`${id}-${index}`} role="option" tabIndex={-1} data-value={href}>
            <Icon name={icon} />
            {label}
          </div>
        ))}
      </div>
      <p class="hidden" role="status">
        {shown.length === 0 ? 'Nothing fits.' : ''}
      </p>
      {shown.length === 0 ? <p class="muted center">Nothing fits.</p> : null}
    </dialog>
  )
}

function useCommands(): Command[] {
  const { role } = useSession()
  const may = useMay()
  const sources = useAll('/api/sources', {})
  const settings = SETTINGS.filter(({ only }) => only === undefined || only === role)
  return [
    ...PAGES,
    ...(may.configure ? [{ href: '/sources/new', label: 'Add a source', icon: 'add' } as const] : []),
    ...(may.editContacts ? [{ href: '/contacts/new', label: 'Add a contact', icon: 'add' } as const] : []),
    ...(sources.data ?? []).map(
      ({ id, name }): Command => ({ href: hrefOf('/sources/:id', { id }), label: name, icon: 'source' }),
    ),
    ...settings.map((page) => ({ ...page, label: `Settings: ${page.label}` })),
    { href: '/account', label: 'Your account', icon: 'user' },
  ]
}

/** The list of the keyboard shortcuts. */
export function ShortcutList({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useModal(dialog)
  const letters = [...PAGES, ...SETTINGS].flatMap(({ key, label }) => (key === undefined ? [] : [{ key, label }]))
  return (
    <dialog ref={dialog} aria-labelledby={titleId} closedby="any" onClose={onClose}>
      <h2 id={titleId}>Keyboard shortcuts</h2>
      <dl class="shortcuts">
        <Shortcut keys={['Ctrl', 'K']}>Go to a page or a source</Shortcut>
        <Shortcut keys={['/']}>Search on this page</Shortcut>
        <Shortcut keys={['?']}>Show this list</Shortcut>
        {letters.map(({ key, label }) => (
          <Shortcut key={key} keys={['g', key]}>
            {label}
          </Shortcut>
        ))}
      </dl>
      <p class="muted small">
        The ones without Ctrl can be switched off on the page of <a href="/account">your account</a>.
      </p>
      <div class="actions end">
        <button type="button" autofocus onClick={onClose}>
          Close
        </button>
      </div>
    </dialog>
  )
}

function Shortcut({ keys, children }: { keys: readonly string[]; children: string }) {
  return (
    <div>
      <dt>{children}</dt>
      <dd>
        {keys.map((key, index) => (
          <kbd key={`${index}-${key}`}>{key}</kbd>
        ))}
      </dd>
    </div>
  )
}

function useModal(dialog: { current: HTMLDialogElement | null }): void {
  // Before the next key is pressed, so that it is typed into the dialog.
  useLayoutEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    return () => queueMicrotask(() => before instanceof HTMLElement && before.focus({ preventScroll: true }))
  }, [])
}
