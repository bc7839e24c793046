import { describe, expect, it } from 'vitest'
import { growth } from '../../testing/growth.ts'
import { blockDecoder, detectEncoding } from './encoding.ts'
import { OddWords } from './legacy.ts'

const NO_HINTS = { declared: null, chosen: null }
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))

describe('the encoding of a text that does not say it', () => {
  // The names were encoded with Python, one on each line.
  it.each([
    [
      'windows-1252',
      'José Müller, François Côté, Zoë Lefèvre, Hélène Bélanger, Benoît Gagné, Geneviève Prévost, Noël Théroux, Zoé Tremblay',
      '4a6f73e9204dfc6c6c65720a4672616ee76f69732043f474e90a5a6feb204c6566e87672650a48e96ce86e652042e96c616e6765720a42656e6fee74204761676ee90a47656e657669e87665205072e9766f73740a4e6feb6c205468e9726f75780a5a6fe9205472656d626c6179',
    ],
    [
      'macintosh',
      'José Müller, François Côté, Zoë Lefèvre, Hélène Bélanger, Benoît Gagné, Geneviève Prévost, Noël Théroux, Zoé Tremblay',
      '4a6f738e204d9f6c6c65720a4672616e8d6f6973204399748e0a5a6f91204c65668f7672650a488e6c8f6e6520428e6c616e6765720a42656e6f9474204761676e8e0a47656e6576698f76652050728e766f73740a4e6f916c2054688e726f75780a5a6f8e205472656d626c6179',
    ],
    [
      'windows-1252',
      'Jürgen Müller, Günther Weiß, Käthe Schröder, Björn Höß, Änne Übel',
      '4afc7267656e204dfc6c6c65720a47fc6e7468657220576569df0a4be47468652053636872f66465720a426af6726e2048f6df0ac46e6e6520dc62656c',
    ],
    [
      'macintosh',
      'Jürgen Müller, Günther Weiß, Käthe Schröder, Björn Höß, Änne Übel',
      '4a9f7267656e204d9f6c6c65720a479f6e7468657220576569a70a4b8a74686520536368729a6465720a426a9a726e20489aa70a806e6e65208662656c',
    ],
    [
      'windows-1252',
      'María Núñez, José Ángel Peña, Ramón Ibáñez, Íñigo Ordóñez, Begoña Sáenz',
      '4d6172ed61204efaf1657a0a4a6f73e920c16e67656c205065f1610a52616df36e204962e1f1657a0acdf169676f204f7264f3f1657a0a4265676ff1612053e1656e7a',
    ],
    [
      'macintosh',
      'María Núñez, José Ángel Peña, Ramón Ibáñez, Íñigo Ordóñez, Begoña Sáenz',
      '4d61729261204e9c96657a0a4a6f738e20e76e67656c20506596610a52616d976e2049628796657a0aea9669676f204f72649796657a0a4265676f9661205387656e7a',
    ],
    [
      'windows-1252',
      'João Conceição, Simão Guimarães, Antônio Sebastião, Inês Magalhães, Luís Falcão',
      '4a6fe36f20436f6e636569e7e36f0a53696de36f204775696d6172e365730a416e74f46e696f2053656261737469e36f0a496eea73204d6167616c68e365730a4c75ed732046616c63e36f',
    ],
    [
      'macintosh',
      'João Conceição, Simão Guimarães, Antônio Sebastião, Inês Magalhães, Luís Falcão',
      '4a6f8b6f20436f6e6365698d8b6f0a53696d8b6f204775696d61728b65730a416e74996e696f20536562617374698b6f0a496e9073204d6167616c688b65730a4c7592732046616c638b6f',
    ],
    [
      'windows-1252',
      'Søren Kjær, Åse Ødegård, Bjørn Håkansson, Jørgen Næss',
      '53f872656e204b6ae6720ac5736520d8646567e572640a426af8726e2048e56b616e73736f6e0a4af87267656e204ee67373',
    ],
    [
      'windows-1252',
      'Þórður Sigurðsson, Guðrún Jónsdóttir, Björk Guðmundsdóttir, Ægir Þór',
      'def372f07572205369677572f073736f6e0a4775f072fa6e204af36e7364f3747469720a426af6726b204775f06d756e647364f3747469720ac667697220def372',
    ],
    ['windows-1252', 'Søren Lee, Ann Lee, Bob Ray', '53f872656e204c65650a416e6e204c65650a426f6220526179'],
    [
      'windows-1252',
      'Anna Sigurðsson, Ann Lee, Bob Ray',
      '416e6e61205369677572f073736f6e0a416e6e204c65650a426f6220526179',
    ],
    ['windows-1252', 'Ana Muñoz, Ann Lee', '416e61204d75f16f7a0a416e6e204c6565'],
    [
      'windows-1252',
      'JOSÉ NÚÑEZ, FRANÇOIS CÔTÉ, ZOË MÜLLER',
      '4a4f53c9204edad1455a0a4652414ec74f49532043d454c90a5a4fcb204ddc4c4c4552',
    ],
    [
      'macintosh',
      'JOSÉ NÚÑEZ, FRANÇOIS CÔTÉ, ZOË MÜLLER',
      '4a4f5383204ef284455a0a4652414e824f49532043ef54830a5a4fe8204d864c4c4552',
    ],
    [
      'windows-1250',
      'Łukasz Wiśniewski, Michał Wałęsa, Małgorzata Dąbrowska, Żaneta Wójcik, Paweł Kamiński',
      'a3756b61737a2057699c6e696577736b690a4d69636861b3205761b3ea73610a4d61b3676f727a6174612044b962726f77736b610aaf616e6574612057f36a63696b0a50617765b3204b616d69f1736b69',
    ],
    [
      'iso-8859-2',
      'Łukasz Wiśniewski, Michał Wałęsa, Małgorzata Dąbrowska, Żaneta Wójcik, Paweł Kamiński',
      'a3756b61737a205769b66e696577736b690a4d69636861b3205761b3ea73610a4d61b3676f727a6174612044b162726f77736b610aaf616e6574612057f36a63696b0a50617765b3204b616d69f1736b69',
    ],
    [
      'windows-1250',
      'Jiří Dvořák, Žaneta Šťastná, Ondřej Němec, Božena Růžičková, Tomáš Černý',
      '4a69f8ed2044766ff8e16b0a8e616e657461208a9d6173746ee10a4f6e64f8656a204eec6d65630a426f9e656e612052f99e69e86b6f76e10a546f6de19a20c865726efd',
    ],
    [
      'iso-8859-2',
      'Jiří Dvořák, Žaneta Šťastná, Ondřej Němec, Božena Růžičková, Tomáš Černý',
      '4a69f8ed2044766ff8e16b0aae616e65746120a9bb6173746ee10a4f6e64f8656a204eec6d65630a426fbe656e612052f9be69e86b6f76e10a546f6de1b920c865726efd',
    ],
    [
      'windows-1250',
      'Ştefan Ionescu, Mădălina Constanţa, Ioan Ţepeş, Cătălin Brătianu',
      'aa746566616e20496f6e657363750a4de364e36c696e6120436f6e7374616efe610a496f616e20de657065ba0a43e374e36c696e204272e37469616e75',
    ],
    [
      'windows-1250',
      'Đorđe Đoković, Željko Šarić, Branko Čačić, Ana Jurišić',
      'd06f72f06520d06f6b6f7669e60a8e656c6a6b6f208a617269e60a4272616e6b6f20c861e869e60a416e61204a7572699a69e6',
    ],
    [
      'iso-8859-2',
      'Đorđe Đoković, Željko Šarić, Branko Čačić, Ana Jurišić',
      'd06f72f06520d06f6b6f7669e60aae656c6a6b6f20a9617269e60a4272616e6b6f20c861e869e60a416e61204a757269b969e6',
    ],
    ['windows-1250', 'Łukasz Lee, Ann', 'a3756b61737a204c65650a416e6e'],
    [
      'windows-1251',
      'Михаил Лифшиц, Анна Иванова, Пётр Кузнецов, Ольга Смирнова, Юрий Щукин',
      'cce8f5e0e8eb20cbe8f4f8e8f60ac0edede020c8e2e0edeee2e00acfb8f2f020caf3e7ede5f6eee20aceebfce3e020d1ece8f0edeee2e00adef0e8e920d9f3eae8ed',
    ],
    [
      'koi8-r',
      'Михаил Лифшиц, Анна Иванова, Пётр Кузнецов, Ольга Смирнова, Юрий Щукин',
      'edc9c8c1c9cc20ecc9c6dbc9c30ae1cecec120e9d7c1cecfd7c10af0a3d4d220ebd5dacec5c3cfd70aefccd8c7c120f3cdc9d2cecfd7c10ae0d2c9ca20fdd5cbc9ce',
    ],
    [
      'ibm866',
      'Михаил Лифшиц, Анна Иванова, Пётр Кузнецов, Ольга Смирнова, Юрий Щукин',
      '8ca8e5a0a8ab208ba8e4e8a8e60a80adada02088a2a0adaea2a00a8ff1e2e0208ae3a7ada5e6aea20a8eabeca3a02091aca8e0adaea2a00a9ee0a8a92099e3aaa8ad',
    ],
    [
      'iso-8859-5',
      'Михаил Лифшиц, Анна Иванова, Пётр Кузнецов, Ольга Смирнова, Юрий Щукин',
      'bcd8e5d0d8db20bbd8e4e8d8e60ab0ddddd020b8d2d0ddded2d00abff1e2e020bae3d7ddd5e6ded20abedbecd3d020c1dcd8e0ddded2d00acee0d8d920c9e3dad8dd',
    ],
    [
      'x-mac-cyrillic',
      'Михаил Лифшиц, Анна Иванова, Пётр Кузнецов, Ольга Смирнова, Юрий Щукин',
      '8ce8f5e0e8eb208be8f4f8e8f60a80edede02088e2e0edeee2e00a8fdef2f0208af3e7ede5f6eee20a8eebfce3e02091ece8f0edeee2e00a9ef0e8e92099f3eae8ed',
    ],
    [
      'windows-1251',
      'Ірина Шевченко, Олексій Їжакевич, Євген Ковальчук',
      'b2f0e8ede020d8e5e2f7e5edeaee0aceebe5eaf1b3e920afe6e0eae5e2e8f70aaae2e3e5ed20caeee2e0ebfcf7f3ea',
    ],
    [
      'koi8-u',
      'Ірина Шевченко, Олексій Їжакевич, Євген Ковальчук',
      'b6d2c9cec120fbc5d7dec5cecbcf0aefccc5cbd3a6ca20b7d6c1cbc5d7c9de0ab4d7c7c5ce20ebcfd7c1ccd8ded5cb',
    ],
    [
      'iso-8859-7',
      'Γιώργος Παπαδόπουλος, Ελένη Νικολάου, Άννα Ιωάννου',
      'c3e9fef1e3eff220d0e1f0e1e4fcf0eff5ebeff20ac5ebddede720cde9eaefebdceff50ab6edede120c9f9dcededeff5',
    ],
    [
      'windows-1254',
      'Ayşe Yıldız, Çağlar Doğan, Işık Öztürk, İbrahim Şahin, Gülşen Güneş',
      '4179fe652059fd6c64fd7a0ac761f06c617220446ff0616e0a49fefd6b20d67a74fc726b0add62726168696d20de6168696e0a47fc6cfe656e2047fc6e65fe',
    ],
    ['windows-1255', 'דוד כהן, שרה לוי, משה רבינו', 'e3e5e320ebe4ef0af9f8e420ece5e90aeef9e420f8e1e9f0e5'],
    [
      'windows-1256',
      'محمد علي, فاطمة الزهراء, أحمد حسن',
      'e3cde3cf20dae1ed0addc7d8e3c920c7e1d2e5d1c7c10ac3cde3cf20cdd3e4',
    ],
    [
      'windows-1257',
      'Jānis Bērziņš, Ģirts Kļaviņš, Līga Ozoliņa, Mārtiņš Ķēniņš',
      '4ae26e69732042e7727a69f2f00acc69727473204bef617669f2f00a4cee6761204f7a6f6c69f2610a4de2727469f2f020cde76e69f2f0',
    ],
    ['gbk', '李娜, 王小明, 张伟, 陈静, 刘洋, 赵敏', 'c0eec4c80acdf5d0a1c3f70ad5c5ceb00ab3c2beb20ac1f5d1f30ad5d4c3f4'],
    ['gbk', '李娜, 王小明, Ann Lee, Bob Ray', 'c0eec4c80acdf5d0a1c3f70a416e6e204c65650a426f6220526179'],
    [
      'big5',
      '李娜, 王小明, 張偉, 陳靜, 劉洋, 林志玲',
      'a7f5ae520aa4fda470a9fa0ab169b0b60ab3afc0520abc42ac760aaa4ca7d3acc2',
    ],
    [
      'euc-kr',
      '김민수, 이영희, 박지성, 최유진, 정하늘',
      'b1e8b9cebcf60ac0ccbfb5c8f10ab9dac1f6bcba0ac3d6c0afc1f80ac1a4c7cfb4c3',
    ],
    [
      'shift_jis',
      '山田太郎, 鈴木花子, 田中健一, 佐藤さくら, スズキ',
      '8e52936391be98590a97e996d889d48e710a936392868c9288ea0a8db293a182b382ad82e70a83588359834c',
    ],
    [
      'euc-jp',
      '山田太郎, 鈴木花子, 田中健一, 佐藤さくら, スズキ',
      'bbb3c5c4c2c0cfba0aceebccdab2d6bbd20ac5c4c3e6b7f2b0ec0abab4c6a3a4b5a4afa4e90aa5b9a5baa5ad',
    ],
    [
      'windows-1252',
      'Pat O’Neil, “Annie” Lee, Search – Team, 50 € fee, Café Nº 5',
      '506174204f924e65696c0a93416e6e696594204c65650a5365617263682096205465616d0a35302080206665650a436166e9204eba2035',
    ],
    [
      'macintosh',
      'Pat O’Neil, “Annie” Lee, Search – Team, 50 € fee, Café Nº 5',
      '506174204fd54e65696c0ad2416e6e6965d3204c65650a53656172636820d0205465616d0a353020db206665650a4361668e204ebc2035',
    ],
  ])('%s is found by the names %s', (encoding, names, hex) => {
    const found = detectEncoding(bytesOf(hex), NO_HINTS, true)
    const text = new TextDecoder(found.name).decode(bytesOf(hex))
    // Several encodings may give the same text.
    expect([found.name === encoding || text === names.replaceAll(', ', '\n'), text.split('\n')]).toEqual([
      true,
      names.split(', '),
    ])
    expect(found.doubt).toBeNull()
  })

  it.each([
    ['a few letters that several encodings have', '44766ff8e16b0a'],
    ['Vietnamese, whose encoding is not judged', '4e677579c3d26e2056e36e0a5472e2cc6e205468d20a'],
  ])('is in doubt for %s', (_, hex) => {
    expect(detectEncoding(bytesOf(hex), NO_HINTS, true).doubt).not.toBeNull()
  })

  it('is judged by a bounded number of words', async () => {
    const judge = (size: number) => {
      const words = new OddWords()
      for (let block = 0; block < 4; block++) {
        words.add(Uint8Array.from({ length: size }, (_, i) => (i % 3 === 0 ? 0x2c : 0xa0 + ((i * 7919 + block) % 95))))
      }
      return words.shown()
    }
    expect(await growth(20_000, judge)).toBeLessThan(32)
  })
})

it('an encoding shows in the first column too, though the accents come only after the beginning of the file', async () => {
  const plain = Array.from({ length: 6000 }, (_, i) => `Person Number,P${i}\n`).join('')
  const rows = `Name,ID\n${plain}\u00a3ukasz,E1\n\u017dofia,E2\n\u0160imon,E3\n\u00a3ucja,E4\nBo\u017eena,E5\n`
  const bytes: number[] = []
  // Windows-1250 has Ž, Š and ž at these places, and Ł where ISO 8859-1 has £.
  const places: Record<string, number> = { '\u017d': 0x8e, '\u0160': 0x8a, '\u017e': 0x9e }
  for (const char of rows) bytes.push(places[char] ?? char.charCodeAt(0))
  const decoder = blockDecoder(detectEncoding(Uint8Array.from(bytes.slice(0, 65536)), NO_HINTS, false))
  decoder.decode(Uint8Array.from(bytes), false)
  decoder.decode(new Uint8Array(0), true)
  expect(decoder.judgedAgain?.()?.name).toBe('windows-1250')
})
