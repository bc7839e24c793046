import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ALARMS, NEWEST_MIGRATION } from './alarms.ts'

const page = readFileSync('docs/alarms.md', 'utf8')
const sections = new Map(page.split(/^## /m).map((section) => [section.split('\n')[0], section]))

it.each(Object.entries(ALARMS))(
  'the page of alarms has a section for the check %s with each of its alarms',
  (check, alarms) => {
    const section = sections.get(`\`${check}\``)
    expect(section).toBeDefined()
    for (const word of Object.keys(alarms)) expect(section).toContain(`**${word}**`)
  },
)

it('the page of alarms has no section for a check that does not exist', () => {
  const named = [...sections.keys()].flatMap((title) => /^`(\w+)`$/.exec(title ?? '')?.[1] ?? [])
  expect(named.sort()).toEqual(Object.keys(ALARMS).sort())
})

it('the health check knows the newest migration', () => {
  expect(NEWEST_MIGRATION).toBe(readdirSync('migrations').sort().at(-1))
})
