import { describe, expect, it } from 'vitest'
import { detectDelimiter, separatorLine } from './delimiter.ts'

describe('detectDelimiter', () => {
  it.each([
    ['ID,Name,Groups\n1,Ann,Search;Rope\n2,Bob,Search;Rope\n', ','],
    ['ID;Name;Groups\n1;Doe, Ann;Search,Rope\n2;Roe, Bob;Search,Rope\n', ';'],
    ['ID\tName\tGroups\n1\tAnn, Bob\tSearch\n', '\t'],
    ['ID|Name|Groups\n1|"a|b",c|Search\n', '|'],
    ['ID;Name\n1;"Doe, Ann; Roe, Bob"\n', ';'],
    ['Contacts, as of May\n\nID;Name;Title;Groups\n1;Ann;Lead;Search\n2;Bob;Lead;Rope\n', ';'],
    ['ID;Sum\n1;3,5\n2;4,5\n', ';'],
    ['ID,Name', ','],
    ['ID\n1\n2\n', ','],
    ['ID;Name;"open', ';'],
  ])('the delimiter of %j is found', (text, delimiter) => {
    expect(detectDelimiter(text, true)).toBe(delimiter)
  })
})

describe('separatorLine', () => {
  it('the line sep=; is read only at the start of a text and on a line of its own', () => {
    expect(separatorLine('sep=;\r\nID;Name')).toEqual({ delimiter: ';', length: 7 })
    expect(separatorLine('"SEP=|"\nID|Name')).toEqual({ delimiter: '|', length: 8 })
    expect(separatorLine('sep=;ID')).toBeNull()
    expect(separatorLine('ID\nsep=;\n')).toBeNull()
  })
})
