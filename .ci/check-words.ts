/*
 * Fails when a name in the code or the name of a test has a private word: one that only this project used for a thing for
 * which the field has a word. Prints `file:line: name (word) → the field's word`. TypeScript's own parser finds the names,
 * so that comments, strings and the texts of pages are left alone. Its interface is not stable yet; the lock file pins it.
 */
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import {
  type Expression,
  isCallExpression,
  isIdentifier,
  isImportSpecifier,
  isJsxAttribute,
  isNoSubstitutionTemplateLiteral,
  isPrivateIdentifier,
  isPropertyAccessExpression,
  isStringLiteral,
  isTaggedTemplateExpression,
  isTemplateExpression,
  type Node,
  type SourceFile,
} from 'typescript/unstable/ast'
import { API, type APIOptions } from 'typescript/unstable/sync'

interface PrivateWord {
  /** The refused spellings. `made by hand` is found in `madeByHand` and `MADE_BY_HAND`. */
  words: readonly string[]
  /** The word of the field. */
  instead: string
  /** The spelling has another meaning after or before such a word. */
  unlessAfter?: RegExp
  unlessBefore?: RegExp
}

/** The list. To refuse another word, add it here. */
const PRIVATE_WORDS: readonly PrivateWord[] = [
  { words: ['bury', 'buries', 'buried', 'burying'], instead: 'dead-letter' },
  {
    words: ['mark', 'marks'],
    instead: 'watermark',
    unlessAfter: /^(water|order|quotation|question|check)$/,
    // A verb: `markSeen`, `marks a run as failed`.
    unlessBefore: /^(\w+ed|seen|read|done|sent|gone|known|as|a|an|the|it|them)$/,
  },
  { words: ['said', 'saying', 'sayings'], instead: 'candidate values, conflict or reply' },
  { words: ['made by hand', 'hand made', 'by hand'], instead: 'manual' },
  { words: ['told'], instead: 'sent (a message) or notified (a person)' },
  { words: ['untold'], instead: 'pending' },
  { words: ['standing'], instead: 'current or stored' },
  { words: ['remembered'], instead: 'memoized (a reader) or follow-up (a run)' },
  { words: ['settle', 'settles', 'settled', 'settling'], instead: 'baseline, after-import action or reply' },
  { words: ['open connection'], instead: 'decryptConnection' },
  { words: ['open remote'], instead: 'openSource' },
  { words: ['open connect'], instead: 'openConnectService', unlessBefore: /^service$/ },
  { words: ['power'], instead: 'fault injection' },
  { words: ['die at', 'dies at'], instead: 'crashAt' },
  { words: ['revive', 'revives', 'revived'], instead: 'restart' },
  { words: ['light muster'], instead: 'InMemoryMuster' },
]

/** A private word in a file. */
export interface Finding {
  file: string
  /** Counted from 1. */
  line: number
  /** The name, or the test's name, that has the word. */
  name: string
  word: string
  instead: string
}

/** Returns the private words in the names of a project's files. `options` replaces the file system in tests. */
export function privateWords(config: string, files: readonly string[], options: APIOptions = {}): Finding[] {
  const api = new API(options)
  try {
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects()
    if (project === undefined) throw new Error(`There is no project ${config}`)
    return files.flatMap((file) => {
      const source = project.program.getSourceFile(file)
      if (source === undefined) throw new Error(`${file} is not part of ${config}: add its folder to "include"`)
      return findIn(source)
    })
  } finally {
    api.close()
  }
}

function findIn(source: SourceFile): Finding[] {
  const findings: Finding[] = []
  const visit = (node: Node): void => {
    const name = declaredName(node) ?? testName(node, source)
    const found = name === null ? null : refused(name.words)
    if (name !== null && found !== null) {
      const { line } = source.getLineAndCharacterOfPosition(name.at.getStart(source))
      findings.push({ file: source.fileName, line: line + 1, name: name.text, ...found })
    }
    node.forEachChild(visit)
  }
  visit(source)
  return findings
}

interface Name {
  text: string
  words: string[]
  at: Node
}

/**
 * Returns the name if the node is one that is declared here: of a variable, a function, a type, a member. The use of a
 * name is not looked at, since a library may have declared it (`Promise.allSettled`).
 */
function declaredName(node: Node): Name | null {
  if (!isIdentifier(node) && !isPrivateIdentifier(node)) return null
  const { parent } = node
  if (!('name' in parent) || parent.name !== node) return null
  if (isPropertyAccessExpression(parent) || isJsxAttribute(parent)) return null
  if (isImportSpecifier(parent) && parent.propertyName === undefined) return null
  const words = node.text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []
  return { text: node.text, words: words.map((word) => word.toLowerCase()), at: node }
}

/** Returns the name of a test or of a group of tests. Words in “quotation marks” are those of another text. */
function testName(node: Node, source: SourceFile): Name | null {
  if (!isCallExpression(node) || node.arguments.length < 2) return null
  const [at] = node.arguments
  const callee = root(node.expression)
  if (at === undefined || !isIdentifier(callee) || !['it', 'test', 'describe'].includes(callee.text)) return null
  if (!isStringLiteral(at) && !isNoSubstitutionTemplateLiteral(at) && !isTemplateExpression(at)) return null
  const text = at.getText(source).slice(1, -1)
  const own = text.replace(/“[^”]*”/g, ' ').toLowerCase()
  return { text, words: own.match(/[a-z’']+/g) ?? [], at }
}

/** Returns `it` of `it.each(rows)`, of `it.each` with a template, and of `it.skip`. */
function root(callee: Expression): Expression {
  if (isCallExpression(callee) || isPropertyAccessExpression(callee)) return root(callee.expression)
  return isTaggedTemplateExpression(callee) ? root(callee.tag) : callee
}

function refused(words: readonly string[]): { word: string; instead: string } | null {
  for (const { words: spellings, instead, unlessAfter, unlessBefore } of PRIVATE_WORDS) {
    for (const word of spellings) {
      const parts = word.split(' ')
      const is = (at: number) =>
        parts.every((part, i) => words[at + i] === part) &&
        unlessAfter?.test(words[at - 1] ?? '') !== true &&
        unlessBefore?.test(words[at + parts.length] ?? '') !== true
      if (words.some((_, at) => is(at))) return { word, instead }
    }
  }
  return null
}

if (import.meta.main) {
  const folder = resolve(import.meta.dirname, '..')
  const tracked = execFileSync('git', ['ls-files', '*.ts', '*.tsx'], { cwd: folder, encoding: 'utf8' })
  const files = tracked.trim().split('\n')
  const paths = files.map((file) => resolve(folder, file))
  const findings = privateWords(resolve(folder, 'tsconfig.json'), paths, { cwd: folder })
  for (const { file, line, name, word, instead } of findings) {
    console.error(`${file.slice(folder.length + 1)}:${line}: ${name} (${word}) → ${instead}`)
  }
  if (findings.length > 0) {
    console.error(`${findings.length} names have private words. The words of the field are after the arrows.`)
    process.exitCode = 1
  }
}
