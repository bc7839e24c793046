import { factsOf } from '../connections/facts.ts'
import { writeBack } from '../connections/open.ts'
import { noteOf } from '../core/note.ts'
import { pauseAfter } from '../core/retry.ts'
import { smsValues } from '../core/sms.ts'
import type { Env } from '../env.ts'
import { newNotification } from '../notify/outbox.ts'
import { dueOptOutFiles } from '../store/opt-out-files.ts'
import { decryptConnection, findSource, type SourceRow } from '../store/sources.ts'
import {
  claimWriteBack,
  dueWriteBacks,
  endWriteBack,
  giveUpWriteBacks,
  postponeWriteBack,
  tellWriteBacks,
  unreportedWriteBacks,
} from '../store/write-backs.ts'
import { sendStep } from './step.ts'

/** Returns the column that has the SMS status of a source; null if changes cannot be written to the source. */
export function smsColumn({ connection, settings }: SourceRow): string | null {
  const column = settings.mapping?.find(({ to }) => to === 'smsStatus')?.column
  return column !== undefined && factsOf(connection).writesBack(connection) ? column : null
}

/** Sends a message for each contact whose SMS status is due to be written to its source. `only`: for this contact. */
export async function sendWriteBacks(env: Env, now: number, only: number | null = null): Promise<void> {
  for (const contact of await dueWriteBacks(env, now, only)) await sendStep(env, { step: 'writeBack', contact })
}

/**
 * Writes to a contact's source the newest SMS status that was set here and has not been sent. There is one attempt for
 * a contact at a time, so that an older status never arrives after a newer one. Setting a value twice changes nothing.
 */
export async function writeBackStep(env: Env, contact: number): Promise<void> {
  const claimed = await claimWriteBack(env, contact, Date.now())
  if (claimed === null) return
  const source = await findSource(env, claimed.source)
  if (source === null || claimed.current !== claimed.status || claimed.owner !== claimed.source) {
    // The source was deleted or has given another status in the meantime, so that there is nothing left to write.
    await endWriteBack(env, claimed, { writeBack: source === null ? 'superseded' : 'conflict' }, Date.now())
    return
  }
  const attribute = smsColumn(source)
  const { optedIn, optedOut } = source.settings.smsStatus
  const [value = ''] = smsValues(claimed.status === 'opted_in' ? optedIn : optedOut)
  try {
    if (attribute === null || !source.enabled) return await postpone(env, claimed, 'not_writable')
    await writeBack(await decryptConnection(env, source), env, { contactId: claimed.id, attribute, value })
  } catch (error) {
    return postpone(env, claimed, noteOf(error))
  }
  await endWriteBack(env, claimed, { writeBack: 'sent', value }, Date.now())
  // A newer status may have been set in the meantime. The other contacts have messages of their own.
  await sendWriteBacks(env, Date.now(), contact)
}

async function postpone(env: Env, claimed: { contact: number; seq: number; attempts: number }, failure: string) {
  await postponeWriteBack(env, claimed, failure, Date.now() + pauseAfter(claimed.attempts))
}

/**
 * Sends due write-backs again and files of opt-outs that are due, gives up the statuses that have failed for a day, and
 * sends e-mails about these and about conflicts.
 */
export async function sweepWriteBacks(env: Env, now: number): Promise<void> {
  await giveUpWriteBacks(env, now)
  await sendWriteBacks(env, now)
  for (const source of await dueOptOutFiles(env, now)) await sendStep(env, { step: 'optOutFile', source })
  for (const id of await unreportedWriteBacks(env)) {
    const source = await findSource(env, id)
    const email = source === null ? null : await newNotification(env, 'write_back_given_up', null, source, now)
    if (!(await tellWriteBacks(env, id, email)) || email === null) continue
    await sendStep(env, { step: 'notify', notification: email.id })
  }
}
