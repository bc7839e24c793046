import type { ComponentChildren } from 'preact'

/** One step of the source’s form; the style sheet numbers them. */
export function Step(props: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section class="block step" id={props.id} aria-labelledby={`${props.id}-title`} tabIndex={-1}>
      <h2 id={`${props.id}-title`}>
        <span class="step-number" aria-hidden="true" />
        {props.title}
      </h2>
      {props.children}
    </section>
  )
}
