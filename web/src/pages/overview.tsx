import { DemoBar } from '../demo/demo-bar.tsx'
import { useRefresh } from '../load.ts'
import { Empty } from '../overview/empty.tsx'
import { Needs } from '../overview/needs.tsx'
import { Reach } from '../overview/reach.tsx'
import { SourceLines } from '../overview/source-lines.tsx'
import { useOverview } from '../overview.ts'
import { Waiting } from '../parts/list.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'

/** What needs a person, how each source is, and whom the groups reach: the first page. */
export function Overview() {
  const overview = useOverview()
  const { data, problem } = overview
  const running = data?.sources.some(({ health }) => health === 'running') ?? false
  useRefresh(overview, running ? 2000 : null)
  return (
    <Page title="Overview">
      <ProblemNotice problem={problem} />
      {data === null ? (
        <Waiting shown={problem === null} />
      ) : data.sources.length === 0 ? (
        <Empty />
      ) : (
        <>
          <Needs items={data.items} sources={data.sources} />
          <DemoBar />
          <div class="overview-columns">
            <SourceLines sources={data.sources} />
            <Reach groups={data.groups} countedAt={data.countedAt} />
          </div>
        </>
      )}
    </Page>
  )
}
