import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cpuTime } from '../testing/growth.ts'
import { Digest } from './digest.ts'
import { KnownContacts } from './known.ts'

const print = (text: string) => new Digest().reset(0).add(text)

describe('known contacts', () => {
  it('known contacts are found by exactly their IDs, however many there are', () => {
    const known = new KnownContacts()
    for (let i = 0; i < 50_000; i++) known.add(`E${i}`, i + 1)
    for (let i = 0; i < 50_000; i += 97) expect(known.key(known.find(`E${i}`))).toBe(i + 1)
    expect([known.find('E50000'), known.find('e1'), known.find('')]).toEqual([-1, -1, -1])
  })

  it('known contacts hold the fingerprint they were given until it is cleared', () => {
    const known = new KnownContacts()
    const slot = known.add('a', 1)
    expect(known.holds(slot, print('row'))).toBe(false)
    const { high, low } = print('row')
    known.setFingerprint(slot, high, low)
    expect([known.holds(slot, print('row')), known.holds(slot, print('another'))]).toEqual([true, false])
    known.clearFingerprints()
    expect(known.holds(slot, print('row'))).toBe(false)
    const nothing = new Digest()
    nothing.high = 0
    nothing.low = 0
    expect(known.holds(slot, nothing)).toBe(false)
  })

  it('known contacts are read from a file as they were written, and added contacts have their final keys', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.nat(3),
        (ids, firstKey, seed) => {
          const known = new KnownContacts(seed, seed * 7, 4)
          for (const [i, id] of ids.entries()) {
            const slot = known.add(id, i % 3 === 0 ? -(i + 1) : i % 3 === 1 ? i + 7 : 0)
            known.setFingerprint(slot, print(id).high, print(id).low)
          }
          const read = KnownContacts.read(known.write().buffer, firstKey, 12345)
          for (const [i, id] of ids.entries()) {
            const slot = read?.find(id) ?? -1
            if (i % 3 === 2) expect(slot).toBe(-1)
            else {
              expect(read?.key(slot)).toBe(i % 3 === 0 ? firstKey + i : i + 7)
              expect(read?.holds(slot, print(id))).toBe(true)
            }
          }
        },
      ),
    )
  })

  it('known contacts cannot be read from a file that is cut or of another kind', () => {
    const known = new KnownContacts()
    known.add('a', 1)
    const bytes = known.write()
    expect(KnownContacts.read(bytes.slice(0, -4).buffer, 1)).toBeNull()
    expect(KnownContacts.read(bytes.slice(0, -1).buffer, 1)).toBeNull()
    expect(KnownContacts.read(new ArrayBuffer(8), 1)).toBeNull()
    expect(KnownContacts.read(bytes.map((byte, i) => (i === 0 ? byte + 1 : byte)).buffer, 1)).toBeNull()
  })

  it('known contacts cannot be read from a file in which a bit has flipped', () => {
    const known = new KnownContacts(7)
    for (let i = 0; i < 20; i++) {
      const slot = known.add(`E${i}`, i + 1)
      known.setFingerprint(slot, print(`row ${i}`).high, print(`row ${i}`).low)
    }
    const bytes = known.write()
    expect(KnownContacts.read(bytes.slice().buffer, 1)).not.toBeNull()
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(KnownContacts.read(flipped.buffer, 1), `bit ${bit}`).toBeNull()
    }
  })

  it('known contacts are read from a file of the version before, which has no checksum', () => {
    const known = new KnownContacts()
    known.add('a', 5)
    const bytes = known.write()
    new Int32Array(bytes.buffer)[3] = 0
    const read = KnownContacts.read(bytes.buffer, 1)
    expect(read?.key(read.find('a'))).toBe(5)
  })

  it('known contacts take over the scattered IDs of another pass, also IDs that they do not have', () => {
    const one = new KnownContacts()
    one.markScattered(one.add('new', 0))
    one.markScattered(one.add('known', 0))
    one.add('together', 0)
    const other = new KnownContacts()
    other.add('known', 5)
    expect(other.takeScattered(one.scatteredIds())).toBe(true)
    expect(['new', 'known'].map((id) => other.scattered(other.find(id)))).toEqual([true, true])
    expect(other.key(other.find('known'))).toBe(5)
    expect(other.find('together')).toBe(-1)
  })

  it('known contacts need at most 32 bytes for each ID on average', () => {
    const known = new KnownContacts()
    for (let i = 0; i < 1000; i++) known.add(`E${i}`, i + 1)
    expect((known.write().byteLength - 16) / 1000).toBe(24)
  })

  it('IDs that are chosen to stand in one place of the table are found as quickly as others', async () => {
    const digest = new Digest()
    const chosen: string[] = []
    for (let i = 0; chosen.length < 6000; i++) {
      const id = `E${i}`
      const { high, low } = digest.reset(0).add(id)
      if (((high ^ low) & 0xfff) === 0) chosen.push(id)
    }
    const ordinary = chosen.map((_, i) => `E${i}`)
    const fill = (ids: readonly string[]) => {
      const known = new KnownContacts(0, 0x5eed)
      for (const id of ids) known.add(id, 1)
      expect(ids.every((id) => known.find(id) !== -1)).toBe(true)
    }
    expect(await cpuTime(() => fill(chosen))).toBeLessThan(4 * (await cpuTime(() => fill(ordinary))))
  })
})
