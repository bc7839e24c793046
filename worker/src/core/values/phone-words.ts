/*
 * Words about telephone numbers, in lower case and without accents, in English, French, German, Spanish, Italian,
 * Portuguese and Dutch. They are in headers (`Mobil`), as types of numbers (`Handy`) and beside numbers (`604 555 0101
 * (cell)`).
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Words for a number that gets text messages. */
export const MOBILE_WORDS = words(`
  mobile mobiles mob mobilephone cell cells cellphone cellphones cellular smartphone iphone android gsm sms whatsapp handy handys handynummer diensthandy privathandy firmenhandy mobil mobilnummer mobiltelefon
  mobilfunk mobilfunknummer natel portable portables cellulaire cellulaires texto movil moviles celular celulares
  cellulare cellulari telefonino telemovel telemoveis mobiel mobieltje`)

/** Words for a number with a wire. */
export const LANDLINE_WORDS = words(`
  landline landlines fixed fixe fixes festnetz festnetznummer festnetzanschluss festnetztelefon fijo fijos fisso fissi
  fixo vast vaste`)

export const PAGER_WORDS = words(`
  pager pagers beeper beepers bipeur bipper pagette teleavertisseur piepser pieper funkmelder meldeempfanger
  funkmeldeempfanger buscapersonas cercapersone semafoon`)

/** Words for the place of a number. */
export const PLACE_WORDS = words(`
  home house office work desk business company daytime evening residence residential privat geschaft geschaftlich
  dienst dienstlich arbeit firma buro zuhause domicile maison bureau travail professionnel casa oficina trabajo hogar
  domicilio ufficio lavoro abitazione escritorio trabalho kantoor werk thuis`)

/** Words for a telephone of any kind. */
export const PHONE_WORDS = words(`
  phone phones telephone telephones tel tels telefon telefone telefonnummer telefono telefonos telefoon rufnummer
  phonenumber ph fon`)

/** Returns a text in the form of these lists: in lower case and without accents. */
export function foldWords(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss')
}
