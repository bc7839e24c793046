import { Page } from '../parts/page.tsx'

/** For an address that names no page. */
export function NotFound() {
  return (
    <Page title="There is no such page">
      <p>The address may have been mistyped, or what it led to has been deleted.</p>
      <div class="actions">
        <a class="button primary" href="/">
          Go to the overview
        </a>
        <a class="button" href="/sources">
          Go to the sources
        </a>
      </div>
    </Page>
  )
}
