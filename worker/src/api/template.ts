import { TEMPLATE } from '../core/template.ts'
import { csvRow } from '../formats/csv-write.ts'
import { writeWorkbook } from '../formats/workbook.ts'
import { route } from './route.ts'

const HEADER = TEMPLATE.map((column) => (column.required ? column.header : `${column.header}*`))
const EXAMPLE = TEMPLATE.map((column) => column.example)

/** The import template (seed: Step 3), with an example in row 2. */
export const templateRoutes = [
  route({
    method: 'get',
    path: '/api/template.csv',
    summary: 'The import template as CSV',
    role: null,
    handle: () =>
      new Response(csvRow(HEADER) + csvRow(EXAMPLE), {
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': 'attachment; filename="muster-template.csv"',
        },
      }),
  }),
  route({
    method: 'get',
    path: '/api/template.xlsx',
    summary: 'The import template as a spreadsheet',
    role: null,
    handle: async () =>
      new Response(
        await writeWorkbook([
          { name: 'Contacts', columns: HEADER.map((text) => ({ width: text.length + 6 })), rows: [HEADER, EXAMPLE] },
        ]),
        {
          headers: {
            'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
            'Content-Disposition': 'attachment; filename="muster-template.xlsx"',
          },
        },
      ),
  }),
]
