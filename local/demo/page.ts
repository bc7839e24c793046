import type { Version } from './roster.ts'
import { STORIES } from './stories.ts'

/** Returns the page on which a new user chooses the version of the demo files. */
export function page(current: Version): string {
  const choices = STORIES.map(({ version, title, text }) => {
    const button = version === current ? '<strong>Served now</strong>' : `<button>Serve “${title}”</button>`
    return `<form method="post" action="/version/${version}"><h2>${title}</h2><p>${text}</p><p>${button}</p></form>`
  })
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Muster demo files</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
  form { border: 1px solid #ccc; border-radius: .5rem; padding: 0 1rem; margin: 1rem 0 }
  h2 { font-size: 1.1rem; margin: .75rem 0 0 } p { margin: .25rem 0 .75rem }
</style>
<h1>Muster demo files</h1>
<p>These files represent the systems in which an organization keeps its contacts. Choose a version, then press
<em>Import now</em> in Muster. The files are <a href="/roster.csv">roster.csv</a>, volunteers.xlsx with a password,
drivers.csv in an S3 bucket, and radio-operators.csv on an SFTP server. A rescue team is in a stand-in for D4H, and the
prospective students of a college are in a stand-in for Connect.</p>
${choices.join('\n')}
</html>
`
}
