import type { Facts } from '../kind.ts'

export const upload: Facts<'upload'> = {
  gives: 'file',
  uploaded: true,
  secrets: [],
  server: () => '',
  target: () => [],
  mapping: { by: 'template' },
  defaults: { removal: 'remove', changesOnly: false },
  actsAfterImport: () => false,
  importsOnce: ({ once }) => once,
  writesBack: () => false,
}
