import { useList, useRefresh } from '../load.ts'
import { List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { useMay } from '../session.ts'
import { SourceCard } from '../source/card.tsx'
import { FirstSteps } from '../source/first-steps.tsx'

/** All sources, each with its health and the time of its next run. */
export function Sources() {
  const may = useMay()
  const list = useList('/api/sources', {})
  const running = list.items?.some(({ health }) => health === 'running') ?? false
  useRefresh(list, running ? 1500 : 20_000)
  return (
    <Page
      title="Sources"
      actions={
        <>
          <a class="button" href="/check">
            Check a file
          </a>
          {may.configure && list.items !== null && list.items.length > 0 ? (
            <a class="button primary" href="/sources/new">
              Add a source
            </a>
          ) : null}
        </>
      }
    >
      <List list={list} empty={<FirstSteps />}>
        {(sources) => (
          <ul class="cards">
            {sources.map((source) => (
              <SourceCard key={source.id} source={source} />
            ))}
          </ul>
        )}
      </List>
    </Page>
  )
}
