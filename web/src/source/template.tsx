const COLUMNS: [name: string, meaning: string][] = [
  ['ID', 'Identifies the contact, and must stay the same from file to file. Any text of any length.'],
  ['Name', 'First and last name.'],
  ['Organization Name*', 'The organization the contact is affiliated with.'],
  ['Title*', 'Title or accreditations.'],
  ['Number', 'Area code and local number, 10 digits.'],
  ['Number Type', 'mobile, landline or pager.'],
  ['Number Description*', 'Tells one number from another, such as work or home.'],
  ['Email Address*', 'For notifications by e-mail.'],
  ['Notification Priority*', 'High or Low; blank is normal. High priority is called and texted first.'],
  ['Groups', 'Group names, separated by commas.'],
]

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

/** What each column of the template means (seed: Understanding the import spreadsheet). */
export function TemplateColumns() {
  return (
    <details class="fold">
      <summary>Understanding the import spreadsheet</summary>
      <dl class="facts">
        {COLUMNS.map(([name, meaning]) => (
          <div key={name}>
            <dt>{name}</dt>
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
