import fc from 'fast-check'
import { expect, it } from 'vitest'
import { attribute, XmlScanner } from './xml.ts'

const DOCUMENT = `<?xml version="1.0"?><!-- <a> --><a:root x="1 > 0" y='"'><b/> text &lt;&#65;&#x42;&unknown; <c
  z = "1"><![CDATA[<raw> & ]]]]></c ></a:root>`

function events(document: string, lengths: number[]): string[] {
  const seen: string[] = []
  let text = ''
  const flush = () => {
    if (text !== '') seen.push(`text ${text}`)
    text = ''
  }
  const scanner = new XmlScanner({
    wantsText: true,
    open(name, attributes) {
      flush()
      seen.push(`open ${name} ${attributes.trim()}`)
    },
    close(name) {
      flush()
      seen.push(`close ${name}`)
    },
    text: (piece) => {
      text += piece
    },
  })
  let at = 0
  for (let index = 0; at < document.length; index++) {
    const length = (lengths[index % lengths.length] ?? 0) + 1
    scanner.write(document.slice(at, at + length))
    at += length
  }
  scanner.end()
  return seen
}

it('the scanner gives elements without their prefix, text with entities resolved, and CDATA unchanged', () => {
  expect(events(DOCUMENT, [1000])).toEqual([
    `open root x="1 > 0" y='"'`,
    'open b ',
    'close b',
    'text  text <AB&unknown; ',
    'open c z = "1"',
    'text <raw> & ]]',
    'close c',
    'close root',
  ])
})

it('every line of XML text ends with a single LF, and a CR written as an entity stays', () => {
  const seen = events('<a>1\r\n2\r3&#13;<![CDATA[\r\n]]></a>', [1000])
  expect(seen).toEqual(['open a ', 'text 1\n2\n3\r\n', 'close a'])
})

it('the scanner gives the same events, no matter where the document is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(12), { minLength: 1 }), (lengths) => {
      expect(events(DOCUMENT, lengths)).toEqual(events(DOCUMENT, [1000]))
    }),
  )
})

it('the scanner refuses a document type, and a document that ends early', () => {
  expect(() => events('<!DOCTYPE a><a/>', [3])).toThrow('damaged')
  expect(() => events('<a><b></a>', [100])).toThrow('damaged')
  expect(() => events('<a></a', [100])).toThrow('damaged')
})

it('an attribute is found by its name under any prefix and in either quotes', () => {
  expect(attribute(' sheetId="7" r:id="rId1"', 'id')).toBe('rId1')
  expect(attribute(` a='x="1"' b = "&quot;&amp;"`, 'b')).toBe('"&')
  expect(attribute(' a="1"', 'b')).toBeNull()
  expect(attribute(' a=1 b="2"', 'b')).toBeNull()
})

it.each([
  ['an element that another name closes', '<a><b></c></a>'],
  ['an element that nothing opened', '<a></a></b>'],
  ['an element with another case', '<a><row></ROW></a>'],
  ['a tag with a missing quote', '<a x="1><b y="2"/></a>'],
  ['elements nested very deeply', '<a>'.repeat(100_000)],
])('%s is damage', (_, document) => {
  expect(() => events(document, [1000])).toThrow(expect.objectContaining({ code: 'truncated' }))
})
