/* Makes the golden files of SheetJS from the openpyxl ones: `node make-sheetjs.ts` in this folder. */
import { readFileSync, writeFileSync } from 'node:fs'
import { type BookType, read, type WorkBook, type WritingOptions, write } from 'xlsx'
import NUMBERS_TEMPLATE from 'xlsx/dist/xlsx.zahl.mjs'

function save(name: string, book: WorkBook, bookType: BookType, options: WritingOptions = {}): void {
  const bytes: ArrayBuffer = write(book, { type: 'array', compression: true, cellStyles: true, ...options, bookType })
  writeFileSync(name, new Uint8Array(bytes))
}

save('kinds-sheetjs.xlsx', read(readFileSync('kinds-openpyxl.xlsx'), { cellStyles: true, cellNF: true }), 'xlsx')

const book = read(readFileSync('openpyxl.xlsx'), { cellStyles: true, cellNF: true })
const contacts = book.Sheets.Contacts
if (contacts === undefined) throw new Error('openpyxl.xlsx has no sheet of contacts')
contacts.E4.r = '<r><t xml:space="preserve">Lead\n</t></r><r><rPr><b/></rPr><t>second line</t></r>'
save('sheetjs-shared-strings.xlsx', book, 'xlsx', { bookSST: true })
save('sheetjs.xlsb', book, 'xlsb')
save('sheetjs.xls', book, 'biff8')
const numbers: WorkBook = { SheetNames: ['Contacts'], Sheets: { Contacts: contacts } }
save('sheetjs.numbers', numbers, 'numbers', { numbers: NUMBERS_TEMPLATE })

book.Workbook = { ...book.Workbook, WBProps: { ...book.Workbook?.WBProps, date1904: true } }
contacts.H4.v -= 1462
save('sheetjs-1904.xlsx', book, 'xlsx', { bookSST: false })
