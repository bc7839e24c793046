const set = (words: string) => new Set(words.split(' '))

/**
 * Words that say yes, and words that say no, in the languages that headers are suggested in. `x` is a tick. A letter that
 * may stand for more than one word is in neither list.
 */
const YES = set('yes y true t 1 on x checked ja j wahr oui vrai si verdadero')
const NO = set('no n false f 0 off never unchecked nein falsch nie non faux jamais falso nunca')

/**
 * Words that can only mean an opt-out in a column of the SMS status, without spaces: those of a text message (api:
 * `/hooks/sms`), and those that exports and people write.
 */
const OUT = set(
  [
    'stop stopall stopped unsubscribe unsubscribed unsub cancel canceled cancelled end ended quit',
    'out optout optedout optingout optoutofsms smsoptout donottext donotsms donotcontact donotmessage donottxt dnc dnt dontcontact donttext',
    'nosms notext notexts notexting notsubscribed notoptedin notallowed noconsent withdrawn withdrew revoked declined refused denied blocked',
    'stopp abgemeldet abbestellt ausgetragen abgelehnt widerrufen widersprochen keinesms keinetexte nichtangemeldet',
    'arret arreter arrete desabonne desabonnee desabonner desinscrit desinscrite desinscrire noninscrit noninscrite refuse refusee pasdesms',
    'baja dadodebaja dadadebaja cancelar cancelado cancelada parar rechazado rechazada revocado revocada noenviar sinsms nosuscrito nosuscrita',
  ].join(' '),
)

/** Words that can only mean an opt-in in a column of the SMS status. They are only suggested, and never opt in by themselves. */
const IN = set(
  'in optin optedin subscribed subscriber active agreed accepted allowed granted consented confirmed angemeldet zugestimmt abonne abonnee inscrit inscrite accepte acceptee suscrito suscrita aceptado aceptada',
)

const TICK = /[\u2705\u2713\u2714\u2611\u221A]/gu
/** The longest value that is compared with the words. */
const LONGEST = 40

/** Returns a value as the words are written: small letters and digits only, without accents. Empty for a long value. */
function wordOf(value: string): string {
  if (value.length > LONGEST) return ''
  return value
    .replace(TICK, 'x')
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()
}

/**
 * Returns a function that says whether a value that is not configured means an opt-out nevertheless. `optedIn`,
 * `optedOut`: the configured values.
 *
 * A word that says no is an opt-out, unless the column asks the opposite question ("Do not text"): its opted-in value
 * says no, or its opted-out value says yes. Then a word that says yes is an opt-out. No word ever opts in, and none
 * overrules a configured value in other spelling.
 */
export function optOutWords(optedIn: readonly string[], optedOut: readonly string[]): (value: string) => boolean {
  const [ins, outs] = [new Set(optedIn.map(wordOf)), new Set(optedOut.map(wordOf))]
  const opposite = overlap(ins, NO) || overlap(outs, YES)
  const straight = overlap(ins, YES) || overlap(outs, NO)
  const answer = opposite && !straight ? YES : NO
  return (value) => {
    const word = wordOf(value)
    return word !== '' && (outs.has(word) || (!ins.has(word) && (OUT.has(word) || answer.has(word))))
  }
}

/** Returns what a value by itself says about an SMS status; null if it says nothing. */
export function meaningOfWord(value: string): 'yes' | 'no' | 'in' | 'out' | null {
  const word = wordOf(value)
  if (OUT.has(word)) return 'out'
  if (IN.has(word)) return 'in'
  if (YES.has(word)) return 'yes'
  return NO.has(word) ? 'no' : null
}

function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((word) => other.has(word))
}
