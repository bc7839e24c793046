import { createVirtualFileSystem } from 'typescript/unstable/fs'
import { expect, it } from 'vitest'
import { privateWords } from './check-words.ts'

/** Returns the names with a private word in a file, as `line: name (word)`. */
function namesIn(text: string): string[] {
  const fs = createVirtualFileSystem({ '/tsconfig.json': '{ "files": ["file.test.tsx"] }', '/file.test.tsx': text })
  const findings = privateWords('/tsconfig.json', ['/file.test.tsx'], { cwd: '/', fs })
  return findings.map(({ line, name, word }) => `${line}: ${name} (${word})`)
}

it('a private word is found in the name of every kind of declaration, in any case', () => {
  const text = `const STANDING = 1
function buryMessage(told: string, { markOf, sent: untoldRows }: Rows) {}
class LightMuster { #power = 1; dieAt() {} get saidLast() { return 1 } }
interface Said { madeByHand: boolean }
type SettledRow = { handMade: 1 }
const rows = { openConnection: 1, UPDATED_BY_HAND: 2 }
import { a as oldMarks } from './a.ts'`
  expect(namesIn(text)).toEqual([
    '1: STANDING (standing)',
    '2: buryMessage (bury)',
    '2: told (told)',
    '2: markOf (mark)',
    '2: untoldRows (untold)',
    '3: LightMuster (light muster)',
    '3: #power (power)',
    '3: dieAt (die at)',
    '3: saidLast (said)',
    '4: Said (said)',
    '4: madeByHand (made by hand)',
    '5: SettledRow (settled)',
    '5: handMade (hand made)',
    '6: openConnection (open connection)',
    '6: UPDATED_BY_HAND (by hand)',
    '7: oldMarks (marks)',
  ])
})

it('a private word is allowed in comments, strings, regular expressions, the texts of pages and names of libraries', () => {
  const text = `// What was said stands; the mark is settled.
const text = 'told by hand' + \`a standing \${1} mark\` + /said|told/.source
const page = <p title="said">Made by hand <mark>standing</mark></p>
await Promise.allSettled([performance.mark('a')])
import { settled } from 'library'`
  expect(namesIn(text)).toEqual([])
})

it('a name is allowed if a private word is only a part of its words or has another meaning', () => {
  const text = `const bookmark = 1, watermark = 2, aforesaid = 3, outstanding = 4, openConnections = 5, handler = 6
const markSeen = 1, markChanged = 2, highWaterMark = 3, byteOrderMark = 4`
  expect(namesIn(text)).toEqual([])
})

it('a private word is found in the name of a test, but not in a quotation', () => {
  const text = `describe('a contact made by hand', () => {
  it('is told once', () => {})
  it.each([1])('the %s mark moves', () => {})
  test.skip(\`the run of \${source} is settled\`, () => {})
  it('“what was said” is kept with or without a byte-order mark', () => {})
  it('an import marks the file as read', () => {})
})`
  expect(namesIn(text)).toEqual([
    '1: a contact made by hand (made by hand)',
    '2: is told once (told)',
    '3: the %s mark moves (mark)',
    expect.stringMatching(/^4: the run of .* is settled \(settled\)$/),
  ])
})

it('a file outside of the project is an error, not a file without findings', () => {
  const fs = createVirtualFileSystem({ '/tsconfig.json': '{ "files": ["a.ts"] }', '/a.ts': '' })
  expect(() => privateWords('/tsconfig.json', ['/b.ts'], { cwd: '/', fs })).toThrow('/b.ts is not part of')
})
