/** The pages, as web/src/router.ts has them. At any other address the first page says that there is no such page. */
const PAGES =
  /^\/(?:overview|sources(?:\/[^/]+(?:\/edit)?)?|check|runs(?:\/[^/]+)?|contacts(?:\/[^/]+(?:\/edit)?)?|groups(?:\/[^/]+)?|fields|users|account|notifications|settings(?:\/(?:audit|erasures|fields|mail(?:\/[^/]+)?|tokens|users))?|invitation|new-password)?\/?$/

/**
 * The Worker of the Pages project. It forwards the API and the webhooks as they came, so that the pages and the API share one
 * origin and one cookie. A Function would do the same, but Pages clones the request of a Function: its body is then kept
 * in memory until it has arrived whole, and a large upload ends the isolate.
 * @type {ExportedHandler<{ WORKER: Fetcher, ASSETS: Fetcher }>}
 */
export default {
  async fetch(request, { WORKER, ASSETS }) {
    const { pathname } = new URL(request.url)
    if (/^\/(api|hooks)(\/|$)/.test(pathname)) return WORKER.fetch(request)
    const response = await ASSETS.fetch(request)
    const isPage = response.status === 200 && response.headers.get('Content-Type')?.startsWith('text/html') === true
    return isPage && !PAGES.test(pathname)
      ? new Response(response.body, { status: 404, headers: response.headers })
      : response
  },
}
