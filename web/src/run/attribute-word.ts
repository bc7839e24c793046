import { useFields } from '../field/definitions.ts'
import { attributeWord } from '../words.ts'

/** Returns a function that gives an attribute in words, a custom field (`field:KEY`) by its label. */
export function useAttributeWord(): (attribute: string) => string {
  const { fields } = useFields()
  return (attribute) =>
    (attribute.startsWith('field:') ? fields.get(attribute.slice('field:'.length))?.label : undefined) ??
    attributeWord(attribute)
}
