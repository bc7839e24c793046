/* A Worker that does with files what Muster does, and answers with what it saw of them; `/R2` names the binding it uses. */

/** The calls that R2 and its stand-in have in common. */
type Files = Pick<R2Bucket, 'put' | 'get' | 'head' | 'delete' | 'list'>
type About = Pick<R2Object, 'key' | 'size' | 'uploaded'>

async function textOf(object: R2ObjectBody | null): Promise<unknown[] | null> {
  return object === null ? null : [object.key, object.size, await new Response(object.body).text()]
}

function about(object: About | null): unknown[] | null {
  return object === null ? null : [object.key, object.size, Math.abs(Date.now() - object.uploaded.getTime()) < 60_000]
}

export default {
  async fetch(request, env) {
    const files = env[new URL(request.url).pathname.slice(1)]
    if (files === undefined) return new Response(null, { status: 404 })
    const large = new Uint8Array(6_000_000).map((_, i) => i % 251)
    const part = new Uint8Array(new ArrayBuffer(100), 10, 3).fill(65)
    await files.put('plans/one/run.1/changes.0', 'first')
    await files.put('plans/one/run.1/changes.0', 'Zoë')
    await files.put('plans/one/run.1~1.x', part)
    await files.put('plans/one/run.10/changes.0', new Uint8Array(0))
    await files.put('snapshots/a.0', large)
    const page = await files.list({ limit: 2, startAfter: 'plans/one/run.1/changes.0' })
    const seen = {
      whole: await textOf(await files.get('plans/one/run.1/changes.0')),
      part: await textOf(await files.get('plans/one/run.1~1.x')),
      range: await textOf(await files.get('snapshots/a.0', { range: { offset: 250, length: 3 } })),
      end: await textOf(await files.get('snapshots/a.0', { range: { offset: 5_999_998, length: 100 } })),
      empty: about(await files.head('plans/one/run.10/changes.0')),
      about: about(await files.head('snapshots/a.0')),
      missing: [
        await files.get('no/such'),
        await files.head('no/such'),
        await files.get('plans'),
        await files.head('plans/one'),
      ],
      all: (await files.list()).objects.map(about),
      page: [page.objects.map(about), page.truncated],
      prefix: (await files.list({ prefix: 'plans/one/run.1/' })).objects.map(about),
    }
    await files.delete('snapshots/a.0')
    await files.delete(['plans/one/run.1/changes.0', 'plans/one/run.10/changes.0', 'no/such'])
    return Response.json({ ...seen, left: (await files.list()).objects.map(about) })
  },
} satisfies ExportedHandler<Record<string, Files>>
