import type { ComponentChildren } from 'preact'

/** One part of the source’s form, which a link or a refusal can lead to. */
export function Step(props: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section class="block step" id={props.id} aria-labelledby={`${props.id}-title`} tabIndex={-1}>
      <h2 id={`${props.id}-title`}>{props.title}</h2>
      {props.children}
    </section>
  )
}
