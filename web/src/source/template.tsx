import { TEMPLATE } from '../../../worker/src/core/template.ts'

/** The template in both formats. */
export function TemplateDownloads() {
  return (
    <p class="downloads">
      <a class="button" href="/api/template.xlsx" download>
        Template as .xlsx
      </a>
      <a class="button" href="/api/template.csv" download>
        Template as .csv
      </a>
    </p>
  )
}

/** The meaning of each column of the template (seed: Understanding the import spreadsheet). */
export function TemplateColumns() {
  return (
    <details class="fold">
      <summary>Understanding the import spreadsheet</summary>
      <dl class="facts">
        {TEMPLATE.map(({ header, required, meaning }) => (
          <div key={header}>
            <dt>
              {header}
              {required ? '' : '*'}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">
        * Optional. Leave a cell with no value blank; do not enter n/a or null. Row 2 is an example and may stay or go.
      </p>
    </details>
  )
}
