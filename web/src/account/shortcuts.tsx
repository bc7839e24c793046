import { useState } from 'preact/hooks'
import { CheckField } from '../parts/choice.tsx'
import { Block } from '../parts/page.tsx'
import { shortcutsOn, switchShortcuts } from '../shortcuts.ts'

/** The switch of the keyboard shortcuts that are one key, for people whose software types such keys by itself. */
export function Shortcuts() {
  const [on, setOn] = useState(shortcutsOn)
  return (
    <Block title="Keyboard shortcuts">
      <CheckField
        path="shortcuts"
        label="Use shortcuts of one key in this browser"
        hint="/ to search, g and a letter to go to a page, ? for the list of them. Ctrl-K always works."
        checked={on}
        onChange={(checked) => {
          switchShortcuts(checked)
          setOn(checked)
        }}
      />
    </Block>
  )
}
