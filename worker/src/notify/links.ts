import { noteOf } from '../core/note.ts'
import type { Env } from '../env.ts'
import { readSettings } from '../store/settings.ts'

const TEXTS = {
  invitation: {
    subject: 'You are invited to Muster',
    lines: [
      'You have been added to the users of Muster, which keeps a contact directory up to date.',
      'Choose your password here. The link works once, and for a week:',
    ],
    end: 'If you did not expect this, ignore it.',
  },
  reset: {
    subject: 'Your password for Muster',
    lines: ['Choose a new password here. The link works once, and for an hour:'],
    end: 'If you did not ask for this, ignore it: your password stays as it is.',
  },
} as const

/**
 * Sends a link that works once. It is not kept in the list of e-mails, where others could read it. Returns false if it could
 * not be sent; it is not tried again, since the link can be copied or requested again.
 */
export async function sendLink(env: Env, kind: keyof typeof TEXTS, to: string, url: string): Promise<boolean> {
  const { subject, lines, end } = TEXTS[kind]
  try {
    const sender = (await readSettings(env)).sender ?? env.SENDER
    const text = [...lines, '', url, '', end, ''].join('\n')
    await env.EMAIL.send({ from: { email: sender, name: 'Muster' }, to: [to], subject, text })
    return true
  } catch (error) {
    console.error(`a link could not be sent: ${noteOf(error)}`)
    return false
  }
}
