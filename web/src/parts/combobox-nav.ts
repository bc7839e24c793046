import ComboboxNav from '@github/combobox-nav'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/**
 * Moves through the options of `list` with the keys of `input` while `open`, and calls `onCommit` with the value that the
 * chosen option has in `data-value`. The first option is chosen by Enter without a move. `shown` changes with the options.
 */
export function useComboboxNav(
  input: RefObject<HTMLInputElement | null>,
  list: RefObject<HTMLElement | null>,
  { open, shown, onCommit }: { open: boolean; shown: unknown; onCommit: (value: string) => void },
): void {
  useEffect(() => {
    const options = list.current
    if (input.current === null || options === null) return
    const nav = new ComboboxNav(input.current, options, {
      firstOptionSelectionMode: 'active',
      tabInsertsSuggestions: false,
    })
    if (open) nav.start()
    const commit = ({ target }: Event) => {
      const value = target instanceof HTMLElement ? target.dataset.value : undefined
      if (value !== undefined) onCommit(value)
    }
    options.addEventListener('combobox-commit', commit)
    return () => {
      options.removeEventListener('combobox-commit', commit)
      nav.stop()
    }
  }, [open, shown])
}
