import type { RefObject } from 'preact'
import type { TestView } from '../../../worker/src/api/views/source.ts'
import { recordMapping } from '../../../worker/src/connections/mapping.ts'
import type { MappingColumn } from '../../../worker/src/core/mapping.ts'
import { useTargetWord } from '../field/definitions.ts'
import { bytes, countOf, dateTime } from '../format.ts'
import { Icon } from '../parts/icon.tsx'
import { Notice } from '../parts/notice.tsx'
import { targetsOf } from './mapping.ts'

interface TestResultProps {
  /** Takes the element, which can have the focus. */
  place: RefObject<HTMLDivElement | null>
  test: TestView
  /** Whether what was tested is a CRM, which has no file. */
  records: boolean
  /** Whether the file is one of this computer, whose name is shown beside it. */
  local: boolean
  /** The mapping that the file was tested with, null for the template. */
  against: MappingColumn[] | null
  /** The mapping as it stands in the form, null for the template. */
  mapping: MappingColumn[] | null
  onTrust: (hostKey: string) => void
  onOwnColumns: (() => void) | null
}

/** What *Test connection* found: the file and its first rows, or what went wrong and what to do. */
export function TestResult({ place, test, records, local, against, mapping, onTrust, onOwnColumns }: TestResultProps) {
  const foreign = test.code === 'header_missing'
  // That the template’s headers are missing is no fault once the file’s own are mapped.
  const unmapped = foreign && against === null && mapping !== null
  const names = test.columns.map(({ name }) => name)
  const own = !records && mapping !== null
  const whole = records && mapping !== null ? recordMapping(mapping, names) : mapping
  return (
    <div class="test-result" tabIndex={-1} ref={place}>
      {test.ok || unmapped ? (
        <div class="test-found" role="status">
          <Icon name="check" />
          <p>
            <strong>{goodNews(test, records)}.</strong>{' '}
            {test.file === undefined || records || local ? null : <span class="muted">{fileLine(test.file)}</span>}
            {own ? <span class="line">It has headers of its own, which are matched in the columns.</span> : null}
          </p>
        </div>
      ) : (
        <Refused test={test} onTrust={onTrust} onOwnColumns={foreign ? onOwnColumns : null} />
      )}
      {test.columns.length === 0 ? null : <FirstRows test={test} mapping={whole} />}
    </div>
  )
}

/** A test of a CRM finds no file, and at first only what there is to choose from. */
function goodNews({ file, columns }: TestView, records: boolean): string {
  if (file === undefined && columns.length === 0) return 'Signed in. Choose in the next step what to import'
  return records ? 'The contacts can be read' : 'The file was found and can be read'
}

function Refused({ test, onTrust, onOwnColumns }: Pick<TestResultProps, 'test' | 'onTrust' | 'onOwnColumns'>) {
  const { hostKey } = test
  const confirm =
    hostKey === undefined ? null : (
      <div class="actions">
        <button type="button" onClick={() => onTrust(hostKey)}>
          This is the server’s key
        </button>
      </div>
    )
  // Every new source comes past this question, so it is no failure.
  if (test.code === 'host_key_unknown') {
    return (
      <Notice tone="wait" title="Is this your server?">
        <p>
          It shows the key <code class="break">{hostKey}</code>. Compare it with the fingerprint from the server’s
          administrator. Muster signs in only to the server with the key that you confirm.
        </p>
        {confirm}
      </Notice>
    )
  }
  return (
    <Notice tone="bad" title={test.detail ?? 'The test failed'}>
      {test.advice === undefined ? null : <p>{test.advice}</p>}
      {onOwnColumns === null ? null : (
        <div class="actions">
          <button type="button" onClick={onOwnColumns}>
            Use the file’s own columns
          </button>
        </div>
      )}
      {confirm}
    </Notice>
  )
}

function fileLine({ name, bytes: size, modifiedAt, sheet }: NonNullable<TestView['file']>): string {
  const changed = modifiedAt === null ? '' : `, last changed ${dateTime(modifiedAt)}`
  return `${name}, ${bytes(size)}${changed}${sheet === undefined ? '' : `, sheet “${sheet}”`}`
}

const ROWS = 5

function FirstRows({ test: { columns, rows: lines }, mapping }: Pick<TestResultProps, 'test' | 'mapping'>) {
  const isHeader = (row: readonly string[] | undefined) => columns.every(({ name }, i) => row?.[i]?.trim() === name)
  const rows = (isHeader(lines[0]) ? lines.slice(1) : lines).slice(0, ROWS)
  const targets = targetsOf(
    columns.map(({ name }) => name),
    mapping,
  )
  return (
    <>
      <h3>{rows.length === 0 ? 'The columns' : `The first ${countOf(rows.length, 'row')}`}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll" aria-label="First rows of the file" tabIndex={0}>
        <table class="sheet">
          <thead>
            <tr>
              {columns.map(({ name }, index) => (
                // Columns have no name that is sure to be theirs alone.
                <th key={index} scope="col">
                  {name}
                  <Target to={targets[index]} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {columns.map((_, column) => (
                  <td key={column}>{row[column] ?? ''}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

/** Where the column goes; nothing while that is not known. */
function Target({ to }: { to: string | null | undefined }) {
  const word = useTargetWord()
  if (to === undefined) return null
  return <span class={to === null ? 'target none' : 'target'}>{to === null ? 'not imported' : `→ ${word(to)}`}</span>
}
