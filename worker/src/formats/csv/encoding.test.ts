import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cases } from '../../testing/sample.ts'
import { readAll } from '../../testing/tables.ts'
import { blockDecoder, detectEncoding, type EncodingHints } from './encoding.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), littleEndian)
  return new Uint8Array(view.buffer)
}

function decode(bytes: Uint8Array, name: string, blockBytes = 5): string {
  const decoder = blockDecoder({ name, twice: false, open: null })
  let text = ''
  for (let at = 0; at < bytes.length; at += blockBytes) text += decoder.decode(bytes.slice(at, at + blockBytes), false)
  return text + decoder.decode(new Uint8Array(0), true)
}

/** Returns the name of the encoding that a whole file is read in, and what it is in doubt with. */
function detected(bytes: Uint8Array, hints: Partial<EncodingHints> = {}): string {
  const { name, twice, doubt } = detectEncoding(bytes, { declared: null, chosen: null, ...hints }, true)
  return `${name}${twice ? ' twice' : ''}${doubt === null ? '' : ` or ${doubt}`}`
}

describe('detectEncoding', () => {
  it('UTF-8, UTF-16 and Windows-1252 are detected with or without a byte-order mark', () => {
    expect(detected(utf8('ID,Zoë'))).toBe('utf-8')
    expect(detected(utf8('\uFEFFID'))).toBe('utf-8')
    expect(detected(utf16('\uFEFFID', true))).toBe('utf-16le')
    expect(detected(utf16('\uFEFFID', false))).toBe('utf-16be')
    expect(detected(utf16('ID,Zoë\r\n', true))).toBe('utf-16le')
    expect(detected(utf16('ID,Zoë\r\n', false))).toBe('utf-16be')
    expect(detected(new Uint8Array([0x5a, 0x6f, 0xeb, 0x0a]))).toBe('windows-1252')
  })

  it.each([
    // Zoë in UTF-8, whatever anybody says.
    ['5a6fc3ab', { declared: 'iso-8859-1', chosen: 'windows-1250' }, 'utf-8'],
    ['efbbbf5a6fc3ab', { declared: 'gbk' }, 'utf-8'],
    // Ru, as the server says, whatever is set.
    ['d0f3', { declared: 'WINDOWS-1251' }, 'windows-1251'],
    ['d0f3', { declared: 'cp1251', chosen: 'macintosh' }, 'windows-1251'],
    // What servers say of everything, or wrongly, does not count against a setting.
    ['d0f3', { declared: 'iso-8859-1', chosen: 'windows-1251' }, 'windows-1251'],
    ['d0f3', { declared: 'utf-8', chosen: 'koi8-r' }, 'koi8-r'],
    ['d0f3', { declared: 'no-such-thing', chosen: 'koi8-r' }, 'koi8-r'],
    ['d0f3', { chosen: 'windows-1252' }, 'windows-1252'],
    // Two characters of GBK that look like UTF-8.
    ['c4a3d6b1', { declared: 'gb2312' }, 'gbk'],
    ['c4a3d6b1', {}, 'utf-8'],
    ['1b2442387b1b2842', { chosen: 'iso-2022-jp' }, 'iso-2022-jp'],
    ['4944', { declared: 'utf-16' }, 'utf-8'],
  ])('the bytes %s with %j are read as they show, as the server says, or as is set: %s', (hex, hints, name) => {
    expect(detected(Buffer.from(hex, 'hex'), hints)).toBe(name)
  })

  it('a name that servers say of everything is doubted where the letters show another encoding', () => {
    const polish = Buffer.from('a375636a61204b616d69f1736b690a57b3616479b3617720a36179', 'hex')
    expect(detected(polish, { declared: 'iso-8859-1' })).toBe('windows-1252 or windows-1250')
    expect(detected(polish)).toBe('windows-1250')
  })

  it('a text that was encoded twice is recognised only if all its letters show it', () => {
    const twice = (text: string) => utf8(new TextDecoder('windows-1252').decode(utf8(text)))
    expect(detected(twice('José,Zoë'))).toBe('utf-8 twice')
    expect(detected(twice('Михаил,李娜'))).toBe('utf-8 twice')
    expect(detected(utf8('JosÃ©,Zoë'))).toBe('utf-8')
    expect(detected(utf8('“CAFÉ”,JOÃO,Weiß”'))).toBe('utf-8')
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

describe('damage in a text', () => {
  const rows = 'ID,Name\r\n1,Zoë Côté\r\n2,José Müller\r\n3,Ana\r\n'
  const before = rows.indexOf('3,')
  const garbage = Uint8Array.of(0x01, 0x97, 0xff, 0x81, 0x9d, 0xe3, 0x41, 0xfe, 0x80, 0xc1)
  const damaged = (bytes: Uint8Array, at: number) =>
    new Uint8Array([...bytes.subarray(0, at), ...garbage, ...bytes.subarray(at)])
  const named = (all: [number, ...string[]][]) => all.map(([, , name]) => name)

  it('a line full of damage does not change how the other lines are read', async () => {
    const utf8 = new TextEncoder().encode(rows)
    const { rows: read } = await readAll(damaged(utf8, utf8.length - 'na\r\n'.length))
    expect(named(read).slice(1, 3)).toEqual(['Zoë Côté', 'José Müller'])
    const latin = Uint8Array.from(rows, (char) => char.charCodeAt(0))
    const { rows: old } = await readAll(damaged(latin, before + 2))
    expect(named(old).slice(1, 3)).toEqual(['Zoë Côté', 'José Müller'])
  })
})
