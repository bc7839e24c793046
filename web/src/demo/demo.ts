import { useEffect, useState } from 'preact/hooks'
import type { DemoView } from '../../../worker/src/api/views/settings.ts'
import { get } from '../client.ts'
import { useLoad } from '../load.ts'

/** Whether this Muster has a demo; null until that is known. It does not change while a page is open. */
let known: boolean | null = null

/** Returns the demo of a local Muster; null while it is being loaded, and on a deployed Muster. */
export function useDemo(): DemoView | null {
  const [available, setAvailable] = useState(known)
  useEffect(() => {
    if (known !== null) return
    get('/api/session/options', {}).then(
      ({ demo }) => {
        known = demo
        setAvailable(demo)
      },
      // Without an answer there is nothing to show.
      () => undefined,
    )
  }, [])
  return useLoad('/api/demo', available === true ? {} : null).data
}
