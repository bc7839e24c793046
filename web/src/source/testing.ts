import { useEffect, useRef, useState } from 'preact/hooks'
import type { SourceView, TestView } from '../../../worker/src/api/views/source.ts'
import { givesRecords, isSameServer, isUploaded } from '../../../worker/src/connections/facts.ts'
import { mappingOf } from '../../../worker/src/connections/mapping.ts'
import type { ConnectionDraft } from '../../../worker/src/connections/schema.ts'
import { type MappingColumn, rowRulesSchema } from '../../../worker/src/core/mapping.ts'
import { post } from '../client.ts'
import { isReachable } from '../connections/complete.ts'
import { useFields } from '../field/definitions.ts'
import { asProblem } from '../load.ts'
import { ApiProblem } from '../problem.ts'
import { isSame, type SourceDraft } from './draft.ts'
import { isComplete } from './mapping.ts'

/** The tests of a source that is edited: what the last one found, and the ways to start another. */
export interface Testing {
  /** What the last test found, with the choices of a CRM; null before a test. */
  test: TestView | null
  /** The mapping that the file was tested with, null for the template. */
  against: MappingColumn[] | null
  busy: boolean
  problem: ApiProblem | null
  /** The file of the viewer’s machine that is tested in place of a remote one. */
  file: File | null
  /** Reads the remote file again, over this connection or that of the draft. */
  connect: (connection?: ConnectionDraft) => Promise<TestView | null>
  /** Tests a file of the viewer’s machine. */
  choose: (file: File) => Promise<TestView | null>
  /** Tests the connection if it is filled in and was not tested with these values: called when a field is left. */
  left: () => void
}

interface Found {
  view: TestView
  against: MappingColumn[] | null
  /** What was tested: the connection, and the settings that it was read by. */
  over: ConnectionDraft
  by: string
}

interface TestedSource {
  draft: SourceDraft
  saved: SourceView | null
  /** Called with what a test finds, before it is shown. */
  onFound: (view: TestView) => void
  /** The file to begin with. */
  begin?: File | null
}

/** How long the settings must rest before the rows are read again, in milliseconds. A CRM is asked less often. */
const REST = 300
const REST_OF_RECORDS = 1200

/**
 * Tests a source while it is edited. Once its file was read, each change of the settings reads the same bytes again, so that
 * the page can show what would come in.
 */
export function useTesting({ draft, saved, onFound, begin = null }: TestedSource): Testing {
  const { fields } = useFields()
  const [file, setFile] = useState<File | null>(begin)
  const [found, setFound] = useState<Found | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const latest = useRef(new AbortController())
  const tried = useRef('')
  const { connection } = draft
  const records = givesRecords(connection)
  const by = readBy(draft)
  // A field that was just made is known only once the fields have been read again.
  const known = by.mapping?.every(({ to }) => !to.startsWith('field:') || fields.has(to.slice('field:'.length))) ?? true
  const now = JSON.stringify(by)

  const run = async (over: ConnectionDraft, chosen: File | null, fresh: boolean): Promise<TestView | null> => {
    latest.current.abort()
    const ours = new AbortController()
    latest.current = ours
    const key = JSON.stringify(over)
    const again = !fresh && found !== null && isSame(found.over, over) ? found.view.sample : undefined
    tried.current = key
    setBusy(true)
    setProblem(null)
    try {
      const answer =
        chosen !== null && isUploaded(over)
          ? await lookAt(chosen, { connection: over, fields, ...by }, ours.signal)
          : await testOver(over, by, saved, again)
      if (ours.signal.aborted) return null
      const view = withChoices(answer, found !== null && isSameServer(found.over, over) ? found.view : null)
      setFound({ view, against: by.mapping, over, by: now })
      onFound(view)
      return view
    } catch (error) {
      if (!ours.signal.aborted) setProblem(asProblem(error))
      return null
    } finally {
      if (latest.current === ours) setBusy(false)
    }
  }

  // Nothing of another place counts any more; the choices of a CRM stay while its filters are chosen.
  const elsewhere = found !== null && !(records ? isSameServer : isSame)(found.over, connection)
  const stale = found !== null && !elsewhere && (found.by !== now || !isSame(found.over, connection))
  const ready = stale && (records ? found.view.code !== 'unauthorized' : found.view.columns.length > 0)
  useEffect(() => {
    if (!ready || !known) return
    const timer = setTimeout(() => run(connection, file, false), records ? REST_OF_RECORDS : REST)
    return () => clearTimeout(timer)
  }, [ready, known, now, JSON.stringify(connection)])
  useEffect(() => () => latest.current.abort(), [])
  useEffect(() => {
    if (begin !== null) void run(connection, begin, true)
  }, [])

  return {
    test: elsewhere ? null : (found?.view ?? null),
    against: found?.against ?? null,
    busy,
    problem,
    file,
    connect: (over = connection) => run(over, null, true),
    choose: (chosen) => {
      setFile(chosen)
      return run(connection, chosen, true)
    },
    left: () => {
      const key = JSON.stringify(connection)
      if (isUploaded(connection) || key === tried.current || !isReachable(connection, saved?.connection ?? null)) return
      void run(connection, null, true)
    },
  }
}

/**
 * Returns the settings to read the file by. What is incomplete would be refused, and a test without it shows the columns
 * too.
 */
function readBy({ connection, format, mapping, rows, smsStatus }: SourceDraft) {
  const whole = givesRecords(connection) ? mappingOf(connection, mapping) : mapping
  return {
    format,
    mapping: isComplete(whole, connection) ? whole : null,
    rows: rows.filter((rule) => rowRulesSchema.safeParse([rule]).success),
    smsStatus,
  }
}

/** Tests over the API. The bytes of a sample that is no longer kept are fetched again. */
async function testOver(
  connection: ConnectionDraft,
  by: ReturnType<typeof readBy>,
  saved: SourceView | null,
  sample: string | undefined,
): Promise<TestView> {
  const body = { connection, ...by, ...(sample !== undefined && { sample }) }
  try {
    // With the source’s ID, the API uses the saved secret for one that was not changed.
    return await (saved === null
      ? post('/api/sources/test', { body })
      : post('/api/sources/:id/test', { id: saved.id, body }))
  } catch (error) {
    if (sample === undefined || !(error instanceof ApiProblem) || error.status !== 410) throw error
    return testOver(connection, by, saved, undefined)
  }
}

/** A test of bytes that were read before asks a CRM for nothing, so what it offered stays. */
function withChoices(view: TestView, before: TestView | null): TestView {
  if (before === null) return view
  const { attributes, filters, sourceCodes, teams } = before
  const kept = { attributes, filters, sourceCodes, teams }
  return { ...Object.fromEntries(Object.entries(kept).filter(([, offered]) => offered !== undefined)), ...view }
}

async function lookAt(...given: Parameters<typeof import('./look-at-file.ts').lookAtFile>): Promise<TestView> {
  const { lookAtFile } = await import('./look-at-file.ts')
  return lookAtFile(...given)
}
