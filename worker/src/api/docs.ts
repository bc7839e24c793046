import { escapeHtml } from '../core/escape-html.ts'
import { exampleOf } from './example.ts'
import { answerSchema, bodySchema, type JsonSchema, parametersOf, rightsOf } from './openapi.ts'
import { ERRORS, type ErrorCode } from './problem.ts'
import { REFUSALS } from './refusals.ts'
import type { Route } from './route.ts'

/** The groups of calls, by the first part of their paths after `/api/`, in the order of the page. */
const GROUPS: [title: string, about: string, parts: string[]][] = [
  ['Sources', 'Remote places with contact data, and the files that are sent to Muster.', ['sources']],
  ['Runs', 'Imports: what they change, what waits for a decision, and taking them back.', ['runs', 'overview']],
  ['Contacts and groups', 'The directory, and who is reached by which channel.', ['contacts', 'groups', 'changes']],
  [
    'Consent',
    'Opt-outs with their evidence, and people who were erased.',
    ['decisions.csv', 'erasures', 'sms-webhook'],
  ],
  ['Webhooks', 'Calls that other systems make, signed with a secret.', ['hooks']],
  ['Fields and users', 'Custom fields, staff, and invitations.', ['fields', 'users', 'invitations', 'password-reset']],
  [
    'Tokens and settings',
    'Access for systems, and settings of the whole directory.',
    ['tokens', 'settings', 'encryption'],
  ],
  ['Sign-in', 'Sessions of people.', ['session', 'account']],
  ['Mail and audit', 'E-mails as they were sent, and who did what.', ['notifications', 'audit', 'audit.csv']],
]
const REST = ['Other', 'Health, the template and the demo.'] as const

/**
 * Returns the API description for people: each call with who may make it, its parameters, its members and an example. `address`:
 * that of this Muster. The style and the search are files of the pages (`web/public`); without them it can still be read.
 */
export function docsPage(routes: readonly Route[], address: string): string {
  const named = new Set(GROUPS.flatMap(([, , parts]) => parts))
  const groups = [
    ...GROUPS.map(([title, about, parts]) => ({ title, about, of: (part: string) => parts.includes(part) })),
    { title: REST[0], about: REST[1], of: (part: string) => !named.has(part) },
  ]
  const sections = groups
    .map(({ title, about, of }) => ({ title, about, routes: routes.filter(({ path }) => of(partOf(path))) }))
    .filter((group) => group.routes.length > 0)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Muster: API</title>
<link rel="stylesheet" href="/api-docs.css">
</head>
<body>
<header>
<h1>Muster API</h1>
<p>Everything that the pages do, a program can do. The same description for programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<label for="search">Find a call</label>
<input id="search" type="search" placeholder="runs approve, sms-status, webhook …" autocomplete="off">
<p id="found" role="status"></p>
</header>
<nav aria-label="Groups of calls"><ul>
<li><a href="#begin">How to begin</a></li>
${sections.map(({ title }) => `<li><a href="#${anchor(title)}">${title}</a></li>`).join('\n')}
<li><a href="#refusals">Refusals</a></li>
</ul></nav>
<main>
<section id="begin">
<h2>How to begin</h2>
<p>Make a token under <em>Settings, API tokens</em>, with the scopes that the program needs, and send it with each call:</p>
<pre tabindex="0"><code>${escapeHtml(`curl ${address}/api/sources \\\n  --header "Authorization: Bearer $MUSTER_TOKEN"`)}</code></pre>
<p>Bodies and answers are JSON; times are in ISO 8601 UTC; IDs are opaque texts. An unknown member or query parameter is refused and named, so nothing is ignored by mistake. Lists answer <code>{"items": […], "next": "…"}</code>: send <code>next</code> as <code>?cursor=</code> to go on, and <code>?limit=</code> for 1 to 500 items. A refusal is <code>application/problem+json</code> with a stable <a href="#refusals"><code>code</code></a>.</p>
<p>A call that starts an import can be repeated safely with the header <code>Idempotency-Key</code>: for 24 hours the same key gives the same run.</p>
</section>
${sections
  .map(
    ({ title, about, routes: of }) => `<section id="${anchor(title)}">
<h2>${title}</h2>
<p class="muted">${about}</p>
${of.map((route) => callHtml(route, address)).join('\n')}
</section>`,
  )
  .join('\n')}
<section id="refusals">
<h2>Refusals</h2>
<p class="muted">The <code>code</code> of an answer that is not a success, with its HTTP status.</p>
<dl>
${refusals()}
</dl>
</section>
</main>
<script src="/api-docs.js"></script>
</body>
</html>`
}

function partOf(path: string): string {
  const [, first = '', second = ''] = path.split('/')
  return first === 'api' ? second : first
}

function anchor(text: string): string {
  return text.toLowerCase().replace(/[^a-z]+/g, '-')
}

function callHtml(route: Route, address: string): string {
  const { method, path, summary, role } = route
  const shown = path.replace(/:(\w+)/g, '{$1}')
  const body = bodySchema(route)
  const answer = answerSchema(route)
  const parameters = parametersOf(route).map(({ name, in: place, schema }) => ({
    name,
    place: place === 'path' ? 'in the path' : 'in the query',
    schema: typeof schema === 'object' ? schema : {},
  }))
  const id = anchor(`${method}${path}`)
  return `<details class="call" id="${id}">
<summary><span class="method ${method}">${method.toUpperCase()}</span> <code>${escapeHtml(shown)}</code> <span class="summary">${escapeHtml(summary)}</span></summary>
<p>${role === null ? 'Needs no sign-in.' : `Who may call it: ${escapeHtml(rightsOf(route))}.`}${route.confirms === '' ? '' : ' A person may be asked for the password again.'}</p>
${
  parameters.length === 0
    ? ''
    : table(
        'Parameters',
        parameters.map(({ name, place, schema }) => [name, place, schema]),
      )
}
${body === undefined ? '' : table('Body', membersOf(body))}
<h3>Example</h3>
<pre tabindex="0"><code>${escapeHtml(curlOf(route, address, shown, body))}</code></pre>
${answer === undefined ? '' : `<pre tabindex="0"><code>${escapeHtml(JSON.stringify(exampleOf(answer, false), null, 2))}</code></pre>`}
${body === undefined ? '' : `<details><summary>The schema of the body</summary><pre tabindex="0"><code>${escapeHtml(JSON.stringify(body, null, 1))}</code></pre></details>`}
</details>`
}

function curlOf({ method, raw, role, path }: Route, address: string, shown: string, body?: JsonSchema): string {
  const lines = [`curl ${method === 'get' ? '' : `--request ${method.toUpperCase()} `}'${address}${shown}'`]
  if (role !== null) lines.push(`--header "Authorization: Bearer $MUSTER_TOKEN"`)
  if (path.startsWith('/hooks/')) lines.push(`--header "Muster-Signature: t=$TIME,v1=$SIGNATURE"`)
  if (raw === 'stream') lines.push('--upload-file contacts.csv')
  if (body !== undefined) lines.push(`--json '${JSON.stringify(exampleOf(body, true)).replaceAll("'", '’')}'`)
  return lines.join(' \\\n  ')
}

type Row = [name: string, note: string, schema: JsonSchema]

/** Returns the members of a body, those of its objects below them. Alternatives of one member are shown as the first. */
function membersOf(schema: JsonSchema, prefix = ''): Row[] {
  const rows: Row[] = []
  for (const [name, one] of Object.entries(schema.properties ?? {})) {
    if (typeof one === 'boolean' || one.readOnly === true) continue
    const isRequired = schema.required?.includes(name) === true
    rows.push([`${prefix}${name}`, isRequired ? 'required' : '', one])
    if (prefix.split('.').length > 2) continue
    const alternatives: JsonSchema[] = (one.anyOf ?? one.oneOf ?? []).filter((each) => typeof each === 'object')
    const inner = [one, ...alternatives].find(({ properties }) => properties !== undefined)
    if (inner !== undefined) rows.push(...membersOf(inner, `${prefix}${name}.`))
  }
  return rows
}

function table(title: string, rows: Row[]): string {
  if (rows.length === 0) return ''
  const cells = rows.map(([name, note, schema]) => {
    const about = [note, defaultOf(schema), schema.description ?? ''].filter((part) => part !== '').join('; ')
    return `<tr><td><code>${escapeHtml(name)}</code></td><td>${escapeHtml(typeOf(schema))}</td><td>${escapeHtml(about)}</td></tr>`
  })
  return `<h3>${title}</h3><div class="scrolls" tabindex="0" role="region" aria-label="${title}"><table><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">About it</th></tr></thead><tbody>${cells.join('')}</tbody></table></div>`
}

function typeOf(schema: JsonSchema): string {
  const { type, enum: values, const: constant, anyOf, oneOf, items } = schema
  if (constant !== undefined) return JSON.stringify(constant)
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' | ')
  const alternatives = (anyOf ?? oneOf ?? []).flatMap((one) => (typeof one === 'object' ? typeOf(one) : []))
  if (alternatives.length > 0) return [...new Set(alternatives)].join(' | ')
  if (type === 'array') return `list of ${typeof items === 'object' && !Array.isArray(items) ? typeOf(items) : 'any'}`
  return type === undefined ? 'any' : String(type)
}

function defaultOf({ default: standard }: JsonSchema): string {
  return standard === undefined ? '' : `${JSON.stringify(standard)} unless given`
}

/** The `type` of a refusal links to its entry. */
function refusals(): string {
  return (Object.keys(REFUSALS) as ErrorCode[])
    .map((code) => {
      const statuses = Object.entries(ERRORS).filter(([, codes]: [string, readonly string[]]) => codes.includes(code))
      const words = escapeHtml(REFUSALS[code]).replace(/`([^`]+)`/g, '<code>$1</code>')
      return `<dt id="${code}"><code>${code}</code> <span class="muted">${statuses.map(([status]) => status).join(', ')}</span></dt><dd>${words}</dd>`
    })
    .join('\n')
}
