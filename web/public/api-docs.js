// The page of the API (`worker/src/api/docs.ts`): shows only the calls whose text has every word that is typed, and opens the
// call that the address names.
const search = document.getElementById('search')
const found = document.getElementById('found')
const calls = [...document.querySelectorAll('details.call')].map((call) => [call, call.textContent.toLowerCase()])

search.addEventListener('input', () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
  for (const [call, text] of calls) call.hidden = !words.every((word) => text.includes(word))
  for (const section of document.querySelectorAll('main > section')) {
    section.hidden = words.length > 0 && section.querySelector('details.call:not([hidden])') === null
  }
  const shown = calls.filter(([call]) => !call.hidden).length
  found.textContent = words.length === 0 ? '' : `${shown} ${shown === 1 ? 'call' : 'calls'}`
})

function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!(named instanceof HTMLDetailsElement)) return
  named.open = true
  named.scrollIntoView()
}

addEventListener('hashchange', openNamed)
openNamed()
