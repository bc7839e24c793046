/*
 * The Worker of `npm run deploy -- --probe`. Each question is a message of its own: the limits of D1 count for one message. It passes
 * its answer on as another message, because a message that has used up its queries could not write it down.
 */
interface Env {
  DB: D1Database
  QUEUE: Queue<Message>
}

/** The questions that the Worker answers, by their words in the report. */
export const ASKED = ['batch', 'queries', 'place', 'encoding'] as const
export type Asked = (typeof ASKED)[number]
type Message = { ask: Asked } | { answer: Asked; text: string }

/** More than the 1,000 queries that D1 documents for one invocation. */
const QUERIES = 1_100

const ANSWERS: Record<Asked, (env: Env) => Promise<string>> = {
  async batch({ DB }) {
    await DB.batch(Array.from({ length: QUERIES }, () => DB.prepare('SELECT 1')))
    return `one batch of ${QUERIES} statements is taken`
  },
  async queries({ DB }) {
    for (let done = 0; done < QUERIES; done++) {
      try {
        await DB.prepare('SELECT 1').first()
      } catch (error) {
        return `query ${done + 1} of one message is refused: ${wordsOf(error)}`
      }
    }
    return `${QUERIES} queries in one message are taken`
  },
  async place({ DB }) {
    const trace = await (await fetch('https://www.cloudflare.com/cdn-cgi/trace')).text()
    const times: number[] = []
    for (let round = 0; round < 21; round++) {
      const start = Date.now()
      await DB.prepare('SELECT 1').first()
      times.push(Date.now() - start)
    }
    times.sort((a, b) => a - b)
    return `a consumer ran in ${/^colo=(.*)$/m.exec(trace)?.[1] ?? 'an unknown place'}, a query of D1 took ${times[10]} ms (median of 21)`
  },
  async encoding() {
    const encodingFor = async (accept: string) => {
      const answer = await fetch('https://example.com/', { headers: { 'Accept-Encoding': accept } })
      await answer.arrayBuffer()
      return answer.headers.get('Content-Encoding') ?? 'none'
    }
    return `asked for identity: ${await encodingFor('identity')}; asked for gzip: ${await encodingFor('gzip')}`
  },
}

export default {
  async queue(batch: MessageBatch<Message>, env: Env): Promise<void> {
    for (const { body } of batch.messages) {
      if ('ask' in body) {
        const text = await ANSWERS[body.ask](env).catch((error: unknown) => `refused: ${wordsOf(error)}`)
        await env.QUEUE.send({ answer: body.ask, text })
      } else {
        const write = env.DB.prepare('INSERT OR REPLACE INTO answer (asked, text) VALUES (?, ?)')
        await write.bind(body.answer, body.text).run()
      }
    }
  },
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
