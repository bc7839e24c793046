import { describe, expect, it } from 'vitest'
import { growth } from '../../testing/growth.ts'
import { readAll } from '../../testing/tables.ts'
import { RowReader } from './rows.ts'

const rowsOf = async (text: string, delimiter: ',' | '\t' = ',') =>
  (await readAll(text, { delimiter })).rows.slice(1).map(([, ...cells]) => cells)

describe('a file in which a backslash escapes', () => {
  it.each([
    [
      'MySQL',
      'ID,Name,Team\n"1","Ana \\"Annie\\" Lee","Rope"\n"2","Bob \\"B\\", Ray",\\N\n',
      [
        ['1', 'Ana "Annie" Lee', 'Rope'],
        ['2', 'Bob "B", Ray', ''],
      ],
    ],
    [
      'MySQL without quotes',
      'ID,Name,Team\n1,Lee\\, Ana,Rope\n2,Bob\\\nRay,\\N\n',
      [
        ['1', 'Lee, Ana', 'Rope'],
        ['2', 'Bob\nRay', ''],
      ],
    ],
    [
      'PostgreSQL COPY',
      'ID\tName\tTeam\n1\tAna\\tLee\t\\N\n2\tC:\\\\dir\tRope\n',
      [
        ['1', 'Ana\tLee', ''],
        ['2', 'C:\\dir', 'Rope'],
      ],
    ],
    [
      'Hive',
      'ID,Name,Team\n1,Ana\\,Lee,Rope\r\n2,"a \\"quoted\\"",\\N\r\n',
      [
        ['1', 'Ana,Lee', 'Rope'],
        ['2', 'a "quoted"', ''],
      ],
    ],
    [
      'PHP (addslashes)',
      "ID,Name,Team\n1,Pat O\\'Neil,Rope\n2,Ana,Search\n",
      [
        ['1', "Pat O'Neil", 'Rope'],
        ['2', 'Ana', 'Search'],
      ],
    ],
    [
      'a quoted cell that ends in an escaped quote',
      'ID,Name,Team\n1,"Ana \\"A\\"",Rope\n2,"Bo","Rope"\n3,"\\"Cy\\""',
      [
        ['1', 'Ana "A"', 'Rope'],
        ['2', 'Bo', 'Rope'],
        ['3', '\\Cy\\""'],
      ],
    ],
    ['a last row that ends in an escaped quote', 'ID,Name\n1,"Ana \\"A\\""', [['1', 'Ana "A"']]],
    [
      'an escaped line break in quotes',
      'ID,Name,Team\n1,"Ana\\\r\nLee","\\"Rope\\""\n',
      [['1', 'Ana\r\nLee', '"Rope"']],
    ],
  ])('from %s is read', async (_, text, rows) =>
    expect(await rowsOf(text, text.includes('\t') ? '\t' : ',')).toEqual(rows),
  )
})

describe('an ordinary file with backslashes', () => {
  it.each([
    [
      'ID,Path,Team\n1,C:\\dir\\,Rope\n2,C:\\new\\,Search\n',
      [
        ['1', 'C:\\dir\\', 'Rope'],
        ['2', 'C:\\new\\', 'Search'],
      ],
    ],
    [
      'ID,Team,Path\n1,Rope,C:\\dir\\\n2,Search,\\\\server\\x\\\n',
      [
        ['1', 'Rope', 'C:\\dir\\'],
        ['2', 'Search', '\\\\server\\x\\'],
      ],
    ],
    [
      'ID,Path,Team\n1,"C:\\dir\\","Rope"\n2,"C:\\","x"\n',
      [
        ['1', 'C:\\dir\\', 'Rope'],
        ['2', 'C:\\', 'x'],
      ],
    ],
    ['ID,Name,Team\n1,"say \\""hi\\""",Rope\n', [['1', 'say \\"hi\\"', 'Rope']]],
    [
      'ID,Name,Team\n1,Ana\\Bo\n2,Cy,Rope\n',
      [
        ['1', 'Ana\\Bo'],
        ['2', 'Cy', 'Rope'],
      ],
    ],
    ['ID,Name,Team\n1,EXAMPLE\\ana,Rope\n', [['1', 'EXAMPLE\\ana', 'Rope']]],
  ])('%j keeps them', async (text, rows) => expect(await rowsOf(text)).toEqual(rows))

  it('a text with odd rows and backslashes is read in time that follows its length', async () => {
    for (const row of ['\\,a\n', '"\\"\n', '\\\n', '"\\\n', 'a,"b\\",\n']) {
      const read = (size: number) => {
        try {
          new RowReader(',').read(`ID,Name,Team\n${row.repeat(size)}`, true)
        } catch {}
      }
      expect(await growth(1000, read), row).toBeLessThan(32)
    }
  })
})
