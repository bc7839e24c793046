import type { TestView } from '../../../worker/src/api/views.ts'
import { bytes, countOf, dateTime } from '../format.ts'
import { Notice } from '../parts/notice.tsx'
import { targetWord } from '../words.ts'

/** What *Test connection* found: the file and its first rows, or what went wrong and what to do. */
export function TestResult({ test, onTrust }: { test: TestView; onTrust: (hostKey: string) => void }) {
  const { hostKey } = test
  return (
    <div class="test-result">
      {test.ok ? (
        <Notice tone="good" title="The file was found and can be read">
          {test.file === undefined ? null : <p>{fileLine(test.file)}</p>}
        </Notice>
      ) : (
        <Notice tone="bad" title={test.detail ?? 'The test failed'}>
          {test.advice === undefined ? null : <p>{test.advice}</p>}
          {hostKey === undefined ? null : (
            <>
              <p>
                The server shows this key: <code class="break">{hostKey}</code>
              </p>
              <button type="button" onClick={() => onTrust(hostKey)}>
                This is the server’s key
              </button>
            </>
          )}
        </Notice>
      )}
      {test.columns.length === 0 ? null : <FirstRows test={test} />}
    </div>
  )
}

function fileLine({ name, bytes: size, modifiedAt }: NonNullable<TestView['file']>): string {
  const changed = modifiedAt === null ? '' : `, last changed ${dateTime(modifiedAt)}`
  return `${name}, ${bytes(size)}${changed}`
}

function FirstRows({ test: { columns, rows: lines } }: { test: TestView }) {
  const isHeader = (row: readonly string[] | undefined) => columns.every(({ name }, i) => row?.[i]?.trim() === name)
  const rows = isHeader(lines[0]) ? lines.slice(1) : lines
  return (
    <>
      <h3>{rows.length === 0 ? 'The columns' : `The first ${countOf(rows.length, 'row')}`}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll" aria-label="First rows of the file" tabIndex={0}>
        <table class="sheet">
          <thead>
            <tr>
              {columns.map(({ name, suggestion }, index) => (
                // Columns have no name that is sure to be theirs alone.
                <th key={index} scope="col">
                  {name}
                  <span class={suggestion === null ? 'target none' : 'target'}>
                    {suggestion === null ? 'not imported' : `→ ${targetWord(suggestion)}`}
                  </span>
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
