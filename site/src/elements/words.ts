// SPDX-License-Identifier: Apache-2.0
// Words and numbers as markup: what is code or a name stays left-to-right inside any text.
import { html, svg } from "lit";
import type { TemplateResult } from "lit";
import type { Dtype, FitCell, Verdict } from "tare";
import type { ModelFacts } from "../hub/index.ts";
import { pieces, t } from "../messages/index.ts";
import type { MessageKey } from "../messages/index.ts";
import { dtypeLabel } from "../names.ts";

/** A name, id, dtype or number with its unit: kept in one direction. */
export function ltr(text: string | number | TemplateResult): TemplateResult {
  return html`<bdi dir="ltr">${text}</bdi>`;
}

/** A dtype, which may be broken after its slash. */
export function dtypeText(dtype: Dtype): TemplateResult {
  const [first, ...rest] = dtypeLabel(dtype).split("/");
  return ltr(html`${first}${rest.map((one) => html`/<wbr />${one}`)}`);
}

/** A sentence with marked-up values in it. */
export function rich(key: MessageKey, values: Record<string, TemplateResult | string>): unknown {
  return pieces(key, values);
}

/** Why a model's id is not the one that was asked for, if it is not. */
export function movedNote({ moved }: ModelFacts): unknown {
  return moved ? rich(`moved.${moved.how}`, { from: ltr(moved.from) }) : "";
}

const SHAPES: Record<Verdict, TemplateResult> = {
  fits: svg`<path d="M3 8.5 6.5 12 13 4.5" />`,
  tight: svg`<path d="M8 2.5 14.5 13.5H1.5Z M8 6.5v3.5 M8 11.8v.2" />`,
  does_not_fit: svg`<path d="M4 4l8 8M12 4l-8 8" />`,
  not_applicable: svg`<path d="M3.5 8h9" />`,
};

/** The sign of a verdict; the word beside it says the same. */
export function verdictIcon(verdict: Verdict): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[verdict]}</svg>`;
}

/** What is needed against what there is; what does not fit sticks out in another colour. The text beside it says the same. */
export function bar({ needed_bytes: needed, available_bytes: available, verdict }: FitCell): TemplateResult {
  const whole = Math.max(needed, available, 1);
  const percent = (bytes: number): string => `${((bytes / whole) * 100).toFixed(1)}%`;
  const over = needed - available;
  return html`<svg class="bar ${verdict}" aria-hidden="true">
    <rect class="track" width="100%" height="100%" rx="2" />
    <rect class="fill" width=${percent(Math.min(needed, available))} height="100%" rx="2" />
    ${over > 0 ? svg`<rect class="over" x=${percent(available)} width=${percent(over)} height="100%" rx="2" />` : ""}
  </svg>`;
}

/** A field for a number, with its label before and its unit after it. */
export function numberField(field: {
  id: string;
  label: MessageKey;
  unit?: MessageKey;
  hint?: MessageKey;
  value: number;
  min: number;
  max: number;
  step: number | "any";
  onChange: (value: number) => void;
}): TemplateResult {
  const handle = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    if (input.value !== "" && input.checkValidity()) field.onChange(input.valueAsNumber);
  };
  return html`<div class="field">
    <label for=${field.id}>${t(field.label)}</label>
    <span class="with-unit">
      <input
        id=${field.id}
        type="number"
        inputmode="decimal"
        min=${field.min}
        max=${field.max}
        step=${field.step}
        .value=${String(field.value)}
        aria-describedby=${field.hint ? `${field.id}-hint` : ""}
        @input=${handle}
      />${field.unit ? html`<span class="unit">${t(field.unit)}</span>` : ""}
    </span>
    ${field.hint ? html`<span class="visually-hidden" id="${field.id}-hint">${t(field.hint)}</span>` : ""}
  </div>`;
}

/** One of a few: radio buttons that look like one control. */
export function segments<T extends string>(control: {
  name: string;
  legend: MessageKey;
  value: T;
  options: readonly { value: T; label: unknown }[];
  onChange: (value: T) => void;
}): TemplateResult {
  return html`<fieldset class="segments">
    <legend>${t(control.legend)}</legend>
    ${control.options.map(
      ({ value, label }) => html`<label>
        <input
          type="radio"
          name=${control.name}
          .checked=${value === control.value}
          @change=${() => control.onChange(value)}
        /><span>${label}</span>
      </label>`,
    )}
  </fieldset>`;
}
