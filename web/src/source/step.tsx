import type { ComponentChildren } from 'preact'

/** One step of the source’s form. */
export function Step(props: { id: string; number: number; title: string; children: ComponentChildren }) {
  return (
    <section class="block step" id={props.id} aria-labelledby={`${props.id}-title`} tabIndex={-1}>
      <h2 id={`${props.id}-title`}>
        <span class="step-number" aria-hidden="true">
          {props.number}
        </span>
        {props.title}
      </h2>
      {props.children}
    </section>
  )
}
