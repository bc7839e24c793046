/**
 * The Worker of the Pages project. It forwards the API and the webhooks as they came, so that the pages and the API share one
 * origin and one cookie. A Function would do the same, but Pages clones the request of a Function: its body is then kept
 * in memory until it has arrived whole, and a large upload ends the isolate.
 * @type {ExportedHandler<{ WORKER: Fetcher, ASSETS: Fetcher }>}
 */
export default {
  fetch(request, { WORKER, ASSETS }) {
    const forwarded = /^\/(api|hooks)(\/|$)/.test(new URL(request.url).pathname)
    return (forwarded ? WORKER : ASSETS).fetch(request)
  },
}
