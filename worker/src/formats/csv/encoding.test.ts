import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cases } from '../../testing/sample.ts'
import { blockDecoder, detectEncoding, type Encoding } from './encoding.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), littleEndian)
  return new Uint8Array(view.buffer)
}

function decode(bytes: Uint8Array, encoding: Encoding, blockBytes = 5): string {
  const decoder = blockDecoder(encoding)
  let text = ''
  for (let at = 0; at < bytes.length; at += blockBytes) text += decoder.decode(bytes.slice(at, at + blockBytes), false)
  return text + decoder.decode(new Uint8Array(0), true)
}

describe('detectEncoding', () => {
  it('UTF-8, UTF-16 and Windows-1252 are detected with or without a byte-order mark', () => {
    expect(detectEncoding(utf8('ID,Zoë'), null)).toBe('utf-8')
    expect(detectEncoding(utf8('\uFEFFID'), null)).toBe('utf-8')
    expect(detectEncoding(utf16('\uFEFFID', true), null)).toBe('utf-16le')
    expect(detectEncoding(utf16('\uFEFFID', false), null)).toBe('utf-16be')
    expect(detectEncoding(utf16('ID,Zoë\r\n', true), null)).toBe('utf-16le')
    expect(detectEncoding(utf16('ID,Zoë\r\n', false), null)).toBe('utf-16be')
    expect(detectEncoding(new Uint8Array([0x5a, 0x6f, 0xeb, 0x0a]), null)).toBe('windows-1252')
  })

  it('the source’s choice of encoding counts unless a byte-order mark contradicts it', () => {
    expect(detectEncoding(utf8('ID'), 'windows-1252')).toBe('windows-1252')
    expect(detectEncoding(utf8('\uFEFFID'), 'windows-1252')).toBe('utf-8')
  })
})

describe('blockDecoder', () => {
  it('a decoded text has no byte-order mark', () => {
    expect(decode(utf8('\uFEFFID'), 'utf-8', 1)).toBe('ID')
    expect(decode(utf16('\uFEFFID', false), 'utf-16be', 3)).toBe('ID')
  })

  it('UTF-8 decodes to the same text, no matter where it is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 9 }), (text, blockBytes) => {
        expect(decode(utf8(`x${text}`), 'utf-8', blockBytes)).toBe(`x${text}`)
      }),
    )
  })

  it('Windows-1252 is read even if its first accent comes long after the start', () => {
    const bytes = new Uint8Array([...utf8('ID,Name\n'.repeat(100)), 0x5a, 0x6f, 0xeb, 0x20, 0x80])
    expect(decode(bytes, 'utf-8')).toBe(`${'ID,Name\n'.repeat(100)}Zoë €`)
  })

  it('a stray Windows-1252 byte in UTF-8 is read without spoiling the rest', () => {
    const bytes = new Uint8Array([...utf8('Zoë,'), 0xe9, ...utf8(',Ana—')])
    expect(decode(bytes, 'utf-8', 64)).toBe('Zoë,é,Ana—')
    expect(decode(bytes, 'utf-8', 1)).toBe('Zoë,é,Ana—')
  })

  it('any bytes decode to the same text or the same failure, no matter where they are cut', () => {
    const lookalikes = fc.constantFrom(0x41, 0x80, 0x9f, 0xa0, 0xbf, 0xc3, 0xe0, 0xe2, 0xed, 0xf0, 0xf4, 0xff)
    const outcome = (bytes: Uint8Array, blockBytes: number) => {
      try {
        return decode(bytes, 'utf-8', blockBytes)
      } catch (error) {
        return String(error)
      }
    }
    fc.assert(
      fc.property(fc.array(lookalikes), fc.integer({ min: 1, max: 7 }), (values, blockBytes) => {
        const bytes = new Uint8Array(values)
        expect(outcome(bytes, blockBytes)).toBe(outcome(bytes, 1000))
      }),
      { numRuns: cases(1000) },
    )
  })

  it('a text that ends in the middle of a character is truncated', () => {
    const cut = expect.objectContaining({ code: 'truncated' })
    expect(() => decode(utf8('Zoë,Zoë').slice(0, -1), 'utf-8')).toThrow(cut)
    expect(() => decode(utf16('\uFEFFID', true).slice(0, -1), 'utf-16le')).toThrow(cut)
  })
})
