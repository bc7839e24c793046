import { WorkerEntrypoint } from 'cloudflare:workers'
import { Buffer } from 'node:buffer'

/*
 * The Worker that replaces the `send_email` binding. The runtime's own stand-in spreads a message over several files
 * without their names. This one takes the same call and hands over the whole message to be written as one file. As in
 * Email Service, an attachment's content is bytes, or a string of base64.
 */

interface Attachment {
  content: string | ArrayBuffer | ArrayBufferView
}

function base64(content: Attachment['content']): string {
  if (typeof content === 'string') return content
  const bytes = ArrayBuffer.isView(content)
    ? Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    : Buffer.from(content)
  return bytes.toString('base64')
}

/** The binding. Its methods have the names of Email Service's calls. */
export default class Mail extends WorkerEntrypoint<{ OUTBOX: Fetcher }> {
  async send(message: { attachments?: Attachment[] }): Promise<unknown> {
    const attachments = (message.attachments ?? []).map((file) => ({ ...file, content: base64(file.content) }))
    const response = await this.env.OUTBOX.fetch('http://outbox/', {
      method: 'POST',
      body: JSON.stringify({ ...message, attachments }),
    })
    if (!response.ok) throw new Error(await response.text())
    const answer = await response.json<{ refusal?: { code: string; message: string } }>()
    if (answer.refusal === undefined) return answer
    throw Object.assign(new Error(answer.refusal.message), { code: answer.refusal.code })
  }
}
