import { useMay } from '../session.ts'
import { TemplateColumns, TemplateDownloads } from './template.tsx'

/** The first steps, shown while there is no source (seed: Step 3 to 5). */
export function FirstSteps() {
  const may = useMay()
  return (
    <div class="block first-steps">
      <h2>Keep your contacts in one spreadsheet</h2>
      <p>
        Muster reads a file from a place you name, as often as you like, and brings your contacts and groups in step
        with it. Three steps get you there.
      </p>
      <ol class="steps">
        <li>
          <h3>Fill in the template</h3>
          <p>Row 2 shows an example. Don’t change the headers, and keep each contact’s ID the same for good.</p>
          <TemplateDownloads />
          <TemplateColumns />
        </li>
        <li>
          <h3>Put it where Muster can fetch it</h3>
          <p>
            Save it as .xlsx or .csv in a place of your own: a web server, with or without a password, an SFTP server,
            or AWS S3. Or keep it on this computer, and upload it in the next step.
          </p>
        </li>
        <li>
          <h3>Tell Muster where it is</h3>
          <p>Test the connection, choose when to import, and import for the first time.</p>
          {may.configure ? (
            <p>
              <a class="button primary" href="/sources/new">
                Add your first source
              </a>
            </p>
          ) : (
            <p class="muted">An administrator can add a source.</p>
          )}
        </li>
      </ol>
      <p class="muted">
        Until then you can <a href="/contacts">keep contacts by hand</a>. Once a source is enabled, contacts and groups
        are changed in the file only.
      </p>
    </div>
  )
}
