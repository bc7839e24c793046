import { isUploaded } from '../../connections/facts.ts'
import type { SourceRow } from '../../store/sources.ts'
import type { ReportedWriteBack } from '../../store/write-backs.ts'
import type { Block } from '../letter.ts'
import { plain, sentences } from './words.ts'

/** Tells which SMS statuses could not be set in the source. */
export function writeBackBlocks({ name }: SourceRow, reported: readonly ReportedWriteBack[]): Block[] {
  const wanted = { opted_in: 'opted in', opted_out: 'opted out' }
  const why = {
    given_up: 'could not be told for a day',
    conflict: 'shows something else',
  }
  return [
    sentences(`The SMS status of these contacts was set in Muster, but it is not the same in ${name}:`),
    {
      kind: 'items',
      items: reported.map(({ id, name: who, status, writeBack, failure }) => {
        const code = writeBack === 'conflict' || failure === null ? '' : ` (${failure})`
        return `${plain(who)}, ID ${plain(id)}: ${wanted[status]} here; the source ${why[writeBack]}${code}`
      }),
    },
    sentences(
      'Muster keeps to what was set here where somebody opted out. Set the value in the source by hand, or the status here.',
    ),
  ]
}

/** Tells since when the file of a source has had nothing new. */
export function lateSentences({ name, settings, fileChangedAt, connection }: SourceRow): string[] {
  const hours = settings.freshness?.atLeastEveryHours ?? 0
  const days = hours / 24
  const every = Number.isInteger(days) && days > 1 ? `${days} days` : `${hours} hours`
  const since =
    fileChangedAt === null
      ? 'has brought nothing yet'
      : `has had nothing new in it since ${new Date(fileChangedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return [
    `The file of ${name} should change at least every ${every}. It ${since}.`,
    isUploaded(connection)
      ? 'Check that it is still exported, and that the program which uploads it still runs.'
      : 'Check that it is still exported, and that the export puts it where Muster looks.',
  ]
}
