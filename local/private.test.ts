import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openMemory } from './memory.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-private-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('the state folder of an earlier version becomes private, and what a link points at stays as it is', () => {
  const [state, other] = [join(folder, 'state'), join(folder, 'other.txt')]
  mkdirSync(join(state, 'd1/deep'), { recursive: true })
  writeFileSync(join(state, 'd1/deep/people.sqlite'), 'people')
  writeFileSync(other, 'of somebody else')
  for (const path of [state, join(state, 'd1'), join(state, 'd1/deep')]) chmodSync(path, 0o755)
  for (const path of [join(state, 'd1/deep/people.sqlite'), other]) chmodSync(path, 0o644)
  symlinkSync(other, join(state, 'link'))
  openMemory(state)
  const open = readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => (statSync(path).mode & 0o077) !== 0)
  expect(open).toEqual([])
  expect(statSync(state).mode & 0o777).toBe(0o700)
  expect(statSync(other).mode & 0o777).toBe(0o644)
})
