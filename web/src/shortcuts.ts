import { useEffect } from 'preact/hooks'
import { PAGES, SETTINGS } from './navigation.ts'
import { go } from './router.ts'

const OFF = 'shortcuts-off'
/** How long `g` waits for its letter, in milliseconds. */
const PATIENCE = 1500

/** Returns whether the shortcuts of one key are on in this browser. Ctrl-K always is. */
export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(OFF) === null
  } catch {
    return true
  }
}

/** Switches the shortcuts of one key on or off in this browser. */
export function switchShortcuts(on: boolean): void {
  try {
    if (on) localStorage.removeItem(OFF)
    else localStorage.setItem(OFF, 'yes')
  } catch {
    // A browser may refuse to store anything. Then they stay on.
  }
}

/** The page opens: the command menu, or the list of shortcuts. */
export type Opened = 'commands' | 'help'

/**
 * Follows the shortcuts: `/` goes to the search of the page, `g` and a letter to a page, `?` opens their list, and Ctrl-K the
 * command menu. A key that is typed into a field, or while a dialog is open, is not a shortcut.
 */
export function useShortcuts(open: (what: Opened) => void): void {
  useEffect(() => {
    let going = 0
    const press = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, target } = event
      const dialog = document.querySelector('dialog[open]') !== null
      if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'k') {
        event.preventDefault()
        if (!dialog) open('commands')
        return
      }
      if (ctrlKey || metaKey || altKey || dialog || isTyped(target) || !shortcutsOn()) return
      const follows = performance.now() < going
      going = 0
      if (follows) {
        const page = [...PAGES, ...SETTINGS].find((one) => one.key === key)
        if (page === undefined) return
        event.preventDefault()
        go(page.href)
      } else if (key === 'g') going = performance.now() + PATIENCE
      else if (key === '?') open('help')
      else if (key === '/') {
        event.preventDefault()
        const search = document.querySelector<HTMLInputElement>('main input[type="search"]')
        if (search === null) open('commands')
        else search.focus()
      }
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [open])
}

function isTyped(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
}
