import type { DecisionView } from '../../../worker/src/api/views/consent.ts'
import { dateTime } from '../format.ts'
import { useLoad } from '../load.ts'
import { Waiting } from '../parts/list.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { hrefOf } from '../router.ts'
import { byWord, SMS_WORDS } from '../words.ts'
import { telephone } from './telephone.ts'

/** The most past decisions that are shown. */
const MOST_PAST = 200

/** The decisions from which a contact’s SMS status follows, and the past ones, with their evidence. */
export function Consent({ contact: { key, name } }: { contact: { key: string; name: string } }) {
  const { data, problem } = useLoad('/api/contacts/:key/consent', { key, query: { limit: MOST_PAST } })
  if (data === null) return problem === null ? <Waiting /> : <ProblemNotice problem={problem} />
  const { status, current, past, next } = data
  // The opt-in of a contact that is out does not count now.
  const causes = current.filter((decision) => decision.status === status)
  const optedIn = current.find((decision) => decision.status !== status)
  const numbers = new Set(causes.flatMap(({ number }) => number ?? []))
  return (
    <>
      {causes.length === 0 ? <p>Nobody has opted this contact in or out.</p> : null}
      {causes.map((decision) => (
        <p key={decision.id + decision.number}>
          <Words decision={decision} name={name} dated />
        </p>
      ))}
      {optedIn === undefined ? null : (
        <p>
          <Words decision={optedIn} name={name} dated /> This does not count while a number of the contact is opted out.
        </p>
      )}
      {numbers.size === 0 ? null : (
        <p class="muted">
          A text with START from {[...numbers].map(readable).join(' or ')} ends the opt-out of that number.
        </p>
      )}
      {past.length === 0 ? null : (
        <details class="fold">
          <summary>Past decisions</summary>
          <ol class="plain history">
            {past.map((decision) => (
              <li key={decision.id}>
                <time dateTime={decision.at} class="muted">
                  {dateTime(decision.at)}
                </time>
                <div>
                  <Words decision={decision} name={name} />
                </div>
              </li>
            ))}
          </ol>
          {next === null ? null : <p class="muted">Older decisions are in the download of all decisions.</p>}
        </details>
      )}
    </>
  )
}

/** A decision in a sentence. `name`: of the contact now; the name of then is shown if it is another. */
function Words({ decision, name, dated = false }: { decision: DecisionView; name: string; dated?: boolean }) {
  const { status, how, by, at, from, counts, number, about } = decision
  const maker = how === 'text' ? `by text${from === null ? '' : ` from ${readable(from)}`}` : `by ${byWord(by)}`
  const what =
    number === null
      ? SMS_WORDS[status]
      : `${dated ? `${SMS_WORDS[status]} because ` : ''}${readable(number)}${counts === 'shared' ? ', which another contact also has,' : ''} was ${SMS_WORDS[status].toLowerCase()}`
  const was = about?.name == null || about.name === name ? '' : `, as ${about.name}`
  return (
    <>
      {what} {number !== null && from === number ? 'by text' : maker}
      {dated ? ` on ${dateTime(at)}` : ''}
      {was}
      <Proof decision={decision} />
    </>
  )
}

/** The evidence of a decision, as the end of its sentence. */
function Proof({ decision: { evidence } }: { decision: DecisionView }) {
  if (evidence === null) return <>.</>
  if ('words' in evidence) return <>: “{evidence.words}”.</>
  if ('reason' in evidence) return evidence.reason === null ? <>.</> : <>: “{evidence.reason}”.</>
  const { runId, row, value } = evidence
  return (
    <>
      : {value === '' ? 'an empty field' : `“${value}”`} in {row === null ? '' : `row ${row} of `}
      <a href={hrefOf('/runs/:id', { id: runId })}>an import</a>.
    </>
  )
}

function readable(number: string): string {
  return telephone({ number, extension: null })
}
