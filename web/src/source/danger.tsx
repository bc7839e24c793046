import { useState } from 'preact/hooks'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { Block } from '../parts/page.tsx'
import { RemoveSource } from './remove.tsx'
import { SwitchDialog } from './switch.tsx'

/** What ends the imports of a source: for a while, or for good. */
export function DangerTab({ source }: { source: SourceView }) {
  const [switching, setSwitching] = useState(false)
  const word = source.enabled ? 'Disable' : 'Enable'
  return (
    <Block title={`${word} or delete`}>
      <div class="option">
        <p>
          {source.enabled
            ? 'A disabled source is not imported and refuses webhooks. Its contacts stay.'
            : 'This source is disabled: it can be previewed, but changes nothing.'}
        </p>
        <button type="button" onClick={() => setSwitching(true)}>
          {word}…
        </button>
      </div>
      <RemoveSource source={source} />
      {switching ? <SwitchDialog source={source} onClose={() => setSwitching(false)} /> : null}
    </Block>
  )
}
