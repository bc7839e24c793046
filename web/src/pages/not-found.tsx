import { Page } from '../parts/page.tsx'

/** For an address that names no page. */
export function NotFound() {
  return (
    <Page title="There is no such page">
      <p>
        It may have been removed. <a href="/sources">Go to your sources</a>.
      </p>
    </Page>
  )
}
