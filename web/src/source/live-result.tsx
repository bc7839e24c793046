import { useState } from 'preact/hooks'
import type { TestView } from '../../../worker/src/api/views/source.ts'
import { givesRecords } from '../../../worker/src/connections/facts.ts'
import { formOf } from '../connections/index.tsx'
import { telephone } from '../contact/telephone.ts'
import { useFields } from '../field/definitions.ts'
import { count, countOf } from '../format.ts'
import type { SourceDraft } from './draft.ts'
import { mappingProblem } from './mapping.ts'
import type { Testing } from './testing.ts'

const CONTACTS = 5
const CAUSES = 6

type Cause = NonNullable<TestView['causes']>[number]
/** What the place gives, one for each contact. */
type What = 'contact' | 'row'
type Contact = NonNullable<TestView['contacts']>[number]

/**
 * What an import with the settings as they are would bring: how many rows would come in, the first contacts, and why others
 * would not. On a narrow screen only its first line is shown until somebody opens it.
 */
export function LiveResult({ draft, testing }: { draft: SourceDraft; testing: Testing }) {
  const [open, setOpen] = useState(false)
  const { test, busy, problem } = testing
  const { mapping, connection } = draft
  const what = givesRecords(connection) ? 'contact' : 'row'
  const missing = formOf(connection).waitsFor?.(connection) ?? mappingProblem(mapping, connection)
  // The first look at a file finds the headers that it is then read by.
  const reading = mapping !== null && testing.against === null && test?.code === 'header_missing'
  const title =
    missing !== null
      ? 'Nothing would come in yet'
      : reading
        ? 'Reading the rows…'
        : titleOf(test, problem?.message ?? null, what)
  return (
    <section class={open ? 'live-result open' : 'live-result'} aria-labelledby="live-result" aria-busy={busy}>
      <div class="live-head">
        <h2 id="live-result" aria-live="polite">
          {title}
        </h2>
        <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Close' : 'Show'}
          <span class="hidden"> what would come in</span>
        </button>
      </div>
      <div class="live-body">
        {missing !== null ? <p>{missing}.</p> : reading ? null : <Found test={test} what={what} />}
      </div>
    </section>
  )
}

/** Returns the answer in one line: `118 of 120 rows would come in`. */
function titleOf(test: TestView | null, problem: string | null, what: What): string {
  if (problem !== null) return problem
  if (test === null) return 'What would come in is shown here'
  if (!test.ok) return 'Nothing would come in'
  const { counts, partial } = test
  if (counts === undefined) return 'What would come in is shown here'
  const come = counts.rows - counts.leftOut - counts.errors
  const first = partial === true ? 'the first ' : ''
  const all = come === counts.rows
  if (all && come === 1) return `The ${partial === true ? 'first' : 'only'} ${what} would come in`
  const of = all ? `All ${first === '' ? '' : `of ${first}`}` : `${count(come)} of ${first}`
  return `${of}${countOf(counts.rows, what)} would come in`
}

function Found({ test, what }: { test: TestView | null; what: What }) {
  if (test === null) return null
  const { ok, detail, advice, counts, contacts = [], causes = [] } = test
  if (!ok) {
    return (
      <>
        <p>{detail}</p>
        {advice === undefined ? null : <p class="muted">{advice}</p>}
      </>
    )
  }
  if (counts === undefined) return null
  const errors = causes.filter(({ severity }) => severity === 'error')
  const warnings = causes.filter(({ severity }) => severity === 'warning')
  return (
    <>
      <Contacts contacts={contacts.slice(0, CONTACTS)} />
      {counts.errors === 0 ? null : <Causes title={`${count(counts.errors)} would not:`} causes={errors} what={what} />}
      {counts.warnings === 0 ? null : (
        <Causes
          title={`${countOf(counts.warnings, what)} would come in without a value:`}
          causes={warnings}
          what={what}
        />
      )}
      {counts.leftOut === 0 ? null : (
        <p class="muted">{countOf(counts.leftOut, what)} left out: a total, an example, or by your rules.</p>
      )}
    </>
  )
}

function Contacts({ contacts }: { contacts: readonly Contact[] }) {
  const { fields } = useFields()
  if (contacts.length === 0) return null
  return (
    <ul class="live-contacts" aria-label="The first contacts as they would be">
      {contacts.map((contact) => {
        const [number] = contact.numbers
        const others = [
          contact.title,
          contact.organization,
          ...Object.entries(contact.fields).map(
            ([key, values]) => `${fields.get(key)?.label ?? key} ${values.join(', ')}`,
          ),
          ...contact.emails.slice(0, 1),
        ].filter((text) => text !== null)
        return (
          <li key={contact.id}>
            <span>
              <strong>{contact.name}</strong> <span class="muted numbers">{contact.id}</span>
            </span>
            <span class="numbers">
              {number === undefined ? <span class="muted">no number</span> : telephone(number)}
            </span>
            <span class="muted">{[...others, ...contact.groups].join(' · ')}</span>
          </li>
        )
      })}
    </ul>
  )
}

function Causes({ title, causes, what }: { title: string; causes: readonly Cause[]; what: What }) {
  return (
    <div class="live-causes">
      <p>{title}</p>
      <ul>
        {causes.slice(0, CAUSES).map((cause) => (
          <li key={`${cause.code} ${cause.column}`}>
            <strong class="numbers">{countOf(cause.rows, what)}</strong>
            {cause.column === null ? null : <span class="muted">, {cause.column}</span>}: {cause.message}{' '}
            {/* The records of a service have no rows that anybody sees. */}
            {what === 'row' ? <span class="muted">{placesOf(cause)}</span> : null}
          </li>
        ))}
      </ul>
      {causes.length > CAUSES ? <p class="muted">And {countOf(causes.length - CAUSES, 'further cause')}.</p> : null}
    </div>
  )
}

function placesOf({ rows, examples }: Cause): string {
  // As a spreadsheet numbers them: “60, 1,430” would be three rows.
  const lines = examples.map(({ row }) => row).join(', ')
  return rows === 1 ? `Row ${lines}.` : rows > examples.length ? `Rows ${lines}, …` : `Rows ${lines}.`
}
