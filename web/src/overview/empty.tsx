import { DemoOffer } from '../demo/demo-offer.tsx'
import { FileDrop } from '../parts/file-drop.tsx'
import { Icon } from '../parts/icon.tsx'
import { go } from '../router.ts'
import { useMay } from '../session.ts'
import { TemplateDownloads } from '../source/template.tsx'
import { beginWith } from '../wizard/hand-over.ts'
import { hrefOfStep } from '../wizard/steps.ts'

/** The ways to begin, shown while there is no source. */
export function Empty() {
  const may = useMay()
  if (!may.configure)
    return (
      <div class="empty">
        <Icon name="source" />
        <h2>There is no source yet</h2>
        <p>An administrator can add one.</p>
      </div>
    )
  const take = (file: File) => {
    beginWith(file)
    go(hrefOfStep('columns'))
  }
  return (
    <div class="begin">
      <section class="block">
        <h2>
          <Icon name="upload" /> Drop a file
        </h2>
        <FileDrop
          path="file"
          label="Your contacts as .csv or .xlsx"
          hint="With your own columns. You see what would come in before anything is imported."
          onFile={take}
        />
        <p class="muted">No file yet? Start with the template:</p>
        <TemplateDownloads />
      </section>
      <section class="block">
        <h2>
          <Icon name="source" /> Connect a source
        </h2>
        <p class="muted">
          A link, an SFTP server, AWS S3, D4H or Connect. Muster reads it as often as you like and keeps your contacts
          and groups in step with it.
        </p>
        <p>
          <a class="button primary" href="/sources/new">
            Add your first source
          </a>
        </p>
      </section>
      <DemoOffer />
    </div>
  )
}
