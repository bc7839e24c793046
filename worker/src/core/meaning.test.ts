import { describe, expect, it } from 'vitest'
import { changedAttributes } from './comparing.ts'
import { type ContactDetails, detailsWith } from './contact.ts'
import { Meaning } from './meaning.ts'

const MOBILE = { number: '+16045550100', type: 'mobile', description: null, extension: null } as const
const PAGER = { ...MOBILE, type: 'pager' } as const
const ANA = detailsWith({ name: 'Ana', title: 'Member', numbers: [MOBILE], fields: { class: ['2027'], dorm: ['A'] } })

function update(meaning: Meaning, before: ContactDetails, after: ContactDetails): void {
  meaning.updated(before, after, changedAttributes(before, after))
}

describe('the meaning of a plan', () => {
  it('each attribute and custom field counts the contacts in which it is filled, changed or blanked', () => {
    const meaning = new Meaning()
    update(meaning, ANA, { ...ANA, title: 'Lead', fields: { class: ['2028'], major: ['Biology'] } })
    update(meaning, ANA, { ...ANA, title: null, priority: 'high' })
    update(meaning, { ...ANA, priority: 'high' }, { ...ANA, organization: 'Rescue' })
    expect(meaning.all.attributes).toEqual([
      { attribute: 'field:class', filled: 0, changed: 1, blanked: 0 },
      { attribute: 'field:dorm', filled: 0, changed: 0, blanked: 1 },
      { attribute: 'field:major', filled: 1, changed: 0, blanked: 0 },
      { attribute: 'organization', filled: 1, changed: 0, blanked: 0 },
      { attribute: 'priority', filled: 1, changed: 0, blanked: 1 },
      { attribute: 'title', filled: 0, changed: 1, blanked: 1 },
    ])
  })

  it('the reach counts each contact as it is before and after, and a contact that opted out gets no text', () => {
    const meaning = new Meaning()
    const contact = (details: Partial<ContactDetails>, isOut = false) => ({ details: detailsWith(details), isOut })
    meaning.reached(null, contact({ numbers: [MOBILE], emails: ['ana@example.org'] }))
    meaning.reached(contact({ numbers: [MOBILE] }), contact({ numbers: [MOBILE] }, true))
    meaning.reached(contact({ numbers: [PAGER] }), null)
    meaning.reached(contact({ emails: ['ben@example.org'] }), contact({}))
    expect(meaning.all.reach).toEqual({
      before: { sms: 1, voice: 1, email: 1, nobody: 0 },
      after: { sms: 1, voice: 2, email: 1, nobody: 1 },
    })
  })

  it('another message goes on with what was counted', () => {
    const meaning = new Meaning()
    update(meaning, ANA, { ...ANA, title: 'Lead' })
    const next = new Meaning(structuredClone(meaning.save()))
    update(next, ANA, { ...ANA, title: 'Lead' })
    expect(next.all.attributes).toEqual([{ attribute: 'title', filled: 0, changed: 2, blanked: 0 }])
    expect(meaning.all.attributes).toEqual([{ attribute: 'title', filled: 0, changed: 1, blanked: 0 }])
  })
})
