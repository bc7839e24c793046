import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { Icon, type IconName } from './icon.tsx'

interface MenuProps {
  /** What the button is called, such as `More`. */
  label: string
  icon?: IconName
  /** Shows the label beside the icon. */
  labelled?: boolean
  /** Buttons and links. */
  children: ComponentChildren
}

/** A button that opens a menu of further buttons and links: what is not needed often. */
export function Menu({ label, icon = 'more', labelled = false, children }: MenuProps) {
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by === 0 || menu.current === null) return
    event.preventDefault()
    const items: (Element | null)[] = [...menu.current.querySelectorAll('a[href], button:not(:disabled)')]
    const at = items.indexOf(document.activeElement)
    const next = items.at(at === -1 ? 0 : (at + by) % items.length)
    if (next instanceof HTMLElement) next.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys are a second way; Tab reaches every item
    <span class="menu-place" onKeyDown={step}>
      <button type="button" class={labelled ? '' : 'bare'} popovertarget={id} title={labelled ? undefined : label}>
        <Icon name={icon} />
        <span class={labelled ? '' : 'hidden'}>{label}</span>
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: closes after an item was pressed */}
      <div class="menu" id={id} popover="auto" ref={menu} onClick={() => menu.current?.hidePopover()}>
        {children}
      </div>
    </span>
  )
}
