import { XmlScanner } from '../../../worker/src/formats/xml.ts'

/** An element with its local name, its text and its children. */
export interface Tree {
  name: string
  /** The default namespace that its own tag sets; null if it sets none. */
  xmlns: string | null
  text: string
  children: Tree[]
}

/** Parses a small document into a tree. Throws if the text is not XML. */
export function readTree(xml: string): Tree {
  const root: Tree = { name: '', xmlns: null, text: '', children: [] }
  const path = [root]
  const scanner = new XmlScanner({
    wantsText: true,
    open(name, attributes) {
      const xmlns = /\bxmlns="([^"]*)"/.exec(attributes)?.[1] ?? null
      const element = { name, xmlns, text: '', children: [] }
      path.at(-1)?.children.push(element)
      path.push(element)
    },
    close: () => void path.pop(),
    text(text) {
      const element = path.at(-1)
      if (element !== undefined) element.text += text
    },
  })
  scanner.write(xml)
  scanner.end()
  return root
}
