import { type Facts, originOf } from '../kind.ts'

export const connect: Facts<'connect'> = {
  gives: 'records',
  secrets: ['passKey'],
  server: ({ url }) => originOf(url),
  target: ({ url, clientName, filterIds, contactIdAttribute }) => [
    url,
    clientName,
    [...filterIds].sort((one, other) => one - other),
    contactIdAttribute,
  ],
  mapping: {
    by: 'fields',
    service: 'Connect',
    // Seed, Standard Fields.
    fields: [
      { to: 'firstName', label: 'First name', required: true },
      { to: 'lastName', label: 'Last name', required: true },
      {
        to: 'number',
        label: 'Mobile number',
        required: true,
        hint: 'One attribute with 10 digits, area code included.',
      },
      { to: 'email', label: 'E-mail address', required: false },
      {
        to: 'assignedUser',
        label: 'User Identification',
        required: false,
        hint: 'The attribute whose value is the User ID of a user here; the contact is assigned to them.',
      },
    ],
  },
  // Seed: new or changed contact records are imported. No contact is removed.
  defaults: { removal: 'keep', changesOnly: true },
  actsAfterImport: () => false,
  // Connect requires a source code with each change.
  writesBack: ({ sourceCode }) => sourceCode !== null,
}
