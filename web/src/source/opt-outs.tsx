import type { OptOutFileView, SourceView } from '../../../worker/src/api/views/source.ts'
import { factsOf, optOutFileOf } from '../../../worker/src/connections/facts.ts'
import { addressOf } from '../client.ts'
import { useLoad, useRefresh } from '../load.ts'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Block } from '../parts/page.tsx'
import { Ago } from '../parts/when.tsx'

/** Explains how SMS statuses that are set here reach the source (design: write-back, Opt-outs as a file). */
export function OptOuts({ source }: { source: SourceView }) {
  const { connection } = source
  const mapped = source.mapping?.some(({ to }) => to === 'smsStatus') ?? false
  const { optOutFile, writesBack } = factsOf(connection)
  return (
    <Block title="Opt-outs">
      {optOutFileOf(connection) !== null ? (
        <FileState id={source.id} />
      ) : (
        <p>
          {mapped && writesBack(connection)
            ? 'An SMS status that is set here is written back to the source, and read back by a later import.'
            : `This source cannot be told of an SMS status that is set here. ${
                optOutFile === undefined ? 'Take' : 'Name an opt-outs file in its settings, or take'
              } the list, and set the values in the source by hand.`}
        </p>
      )}
      <p>
        <a class="button" href={addressOf('/api/sources/:id/opt-outs.csv', { id: source.id })}>
          Statuses set here (.csv)
        </a>
      </p>
    </Block>
  )
}

/** The file that the statuses are written to, and how the last attempt ended. */
function FileState({ id }: { id: string }) {
  const loaded = useLoad('/api/sources/:id/opt-outs', { id })
  useRefresh(loaded, 20_000)
  const { data, problem } = loaded
  return (
    <>
      <p>
        The SMS statuses that are set here are written to a file on the source’s server within a minute or two, and read
        back by each import.
      </p>
      <ProblemNotice problem={problem} />
      {data === null ? null : <LastWriting file={data} />}
    </>
  )
}

function LastWriting({ file: { url, writtenAt, due, failure } }: { file: OptOutFileView }) {
  return (
    <>
      <p>
        <span class="break">{url}</span> {writtenAt === null ? 'has not been written yet.' : 'was last written '}
        {writtenAt === null ? null : <Ago at={writtenAt} />}
      </p>
      {failure === null ? null : (
        <Notice tone="bad" title="The opt-outs file could not be written">
          <p>
            {failure.message} {failure.advice}
          </p>
          <p>{due ? 'Muster tries again.' : 'Muster tries again after the next import or change of a status.'}</p>
        </Notice>
      )}
    </>
  )
}
