/** Hands a request to the Worker as it came, so that the pages and the API share one origin and one cookie. */
export const onRequest: PagesFunction<{ WORKER: Fetcher }> = ({ request, env }) => env.WORKER.fetch(request)
