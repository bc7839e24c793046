import { useState } from 'preact/hooks'
import { givesRecords, isUploaded } from '../../../worker/src/connections/facts.ts'
import { CONNECTION_CHOICES } from '../connections/index.tsx'
import { RadioField } from '../parts/choice.tsx'
import { Block } from '../parts/page.tsx'
import type { SectionProps } from '../source/draft.ts'
import { FreshnessFields } from '../source/freshness.tsx'
import type { Testing } from '../source/testing.ts'
import { WhereFields } from '../source/where.tsx'

const ANSWERS = [
  {
    value: 'once',
    label: 'Nowhere: import once',
    hint: 'The source is off afterwards, and contacts can be changed in Muster again.',
  },
  {
    value: 'upload',
    label: 'I upload the next file, or a program sends it',
    hint: 'The page of the source takes the file, and shows how a program can send it.',
  },
  { value: 'fetch', label: 'Muster fetches it', hint: 'From an address, an SFTP server or S3, as often as you like.' },
] as const

/** The kinds that can give the file which was dropped: no CRM does. */
const FETCHED = CONNECTION_CHOICES.filter((choice) => {
  const connection = choice.start({ kind: 'upload' })
  return !isUploaded(connection) && !givesRecords(connection)
})

/** Where a file that was dropped comes from the next time; nowhere, unless somebody says so. */
export function NextTime({ draft, change, testing }: SectionProps & { testing: Testing }) {
  const { connection } = draft
  const [fetched, setFetched] = useState(!isUploaded(connection))
  const answer = fetched ? 'fetch' : connection.kind === 'upload' && connection.once === true ? 'once' : 'upload'
  const choose = (next: (typeof ANSWERS)[number]['value']) => {
    setFetched(next === 'fetch')
    const [first] = FETCHED
    if (next !== 'fetch') change({ connection: { kind: 'upload', once: next === 'once' }, schedule: null })
    else if (first !== undefined) change({ connection: first.start(connection) })
  }
  return (
    <Block title="Where will it come from next time?">
      <RadioField
        path="connection.once"
        legend={<span class="hidden">Where the next file comes from</span>}
        value={answer}
        options={ANSWERS}
        onChange={choose}
      />
      {answer === 'upload' ? <FreshnessFields draft={draft} change={change} /> : null}
      {answer === 'fetch' ? (
        <WhereFields draft={draft} change={change} saved={null} testing={testing} choices={FETCHED} />
      ) : null}
    </Block>
  )
}
