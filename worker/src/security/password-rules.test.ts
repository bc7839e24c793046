import { describe, expect, it } from 'vitest'
import { weaknessOf } from './password-rules.ts'

const OWN = ['jane.doe@northridge.example.org', 'Jane Doe']

describe('weaknessOf', () => {
  it.each([
    ['short', 'tR9!kLm2#x'],
    ['one character', 'aaaaaaaaaaaa'],
    ['two characters', 'abababababab'],
    ['three characters in no order', 'zxvzzxvvxzxzv'],
    ['a repeated part', 'trout9trout9trout9'],
    ['digits in a row', '123456789012'],
    ['digits backwards', '9876543210987'],
    ['keys in a row', 'qwertyuiop123'],
    ['keys of another keyboard', 'azertyuiop2024'],
    ['a common word with a year', 'Password2024!'],
    ['a common word twice with digits', 'passwordpassword1'],
    ['a common word with replaced letters', 'P@ssw0rd1234'],
    ['two common words', 'Welcome-Admin1'],
    ['the product and a season', 'MusterSummer26'],
    ['the own e-mail address', 'jane.doe@northridge'],
    ['the own name and digits', 'JaneNorthridge99'],
  ])('%s is refused', (_, password) => {
    expect(weaknessOf(password, OWN)).toMatch(/password/i)
  })

  it.each([
    'correct horse battery',
    'tR9!kLm2#xQv',
    'zmiana-rower-okno',
    'my dog barks at 5',
    'Пароль-не-простой',
    'northridge-otter-4711-fjord',
    'password managers are lovely',
  ])('“%s” is taken', (password) => {
    expect(weaknessOf(password, OWN)).toBeNull()
  })

  it('the work grows with the length of the password, not faster than it can be typed', () => {
    expect(weaknessOf('qwerty'.repeat(160), OWN)).not.toBeNull()
    expect(weaknessOf('qwert7Zx '.repeat(111), OWN)).not.toBeNull()
  })
})
