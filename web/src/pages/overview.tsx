import { useList, useRefresh } from '../load.ts'
import { List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { SourceCard } from '../source/card.tsx'
import { FirstSteps } from '../source/first-steps.tsx'

/** The first page: the sources and their state. */
export function Overview() {
  const list = useList('/api/sources', {})
  useRefresh(list, 20_000)
  return (
    <Page title="Overview">
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
