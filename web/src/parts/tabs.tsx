import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { setQuery } from '../router.ts'

interface Tab {
  /** The name of the tab in the address, such as `problems`. */
  id: string
  label: string
  content: () => ComponentChildren
}

/** One of several views; arrow keys go from tab to tab. The tab is in the address, so that a link can lead to it. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const [wanted, setWanted] = useState(() => new URLSearchParams(location.search).get('tab'))
  const id = useId()
  const chosen = Math.max(
    0,
    tabs.findIndex((tab) => tab.id === wanted),
  )
  const list = useRef<HTMLDivElement>(null)
  // On a phone the tabs may be wider than the window.
  useLayoutEffect(() => {
    const tab = list.current?.children[chosen]
    if (list.current === null || tab === undefined) return
    const [around, its] = [list.current.getBoundingClientRect(), tab.getBoundingClientRect()]
    list.current.scrollLeft += its.left - around.left - Math.max(0, around.width - its.width) / 2
  }, [chosen])
  const choose = (index: number) => {
    const tab = tabs[index]
    if (tab === undefined) return
    setWanted(tab.id)
    setQuery({ tab: index === 0 ? '' : tab.id })
  }
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    const next = (chosen + by + tabs.length) % tabs.length
    choose(next)
    document.getElementById(`${id}-tab-${next}`)?.focus()
  }
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list}>
        {tabs.map((tab, index) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-tab-${index}`}
            aria-selected={index === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={index === chosen ? 0 : -1}
            onClick={() => choose(index)}
            onKeyDown={step}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${chosen}`}>
        {tabs[chosen]?.content()}
      </div>
    </>
  )
}
