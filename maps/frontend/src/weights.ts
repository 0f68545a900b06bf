// "Was soll wie viel zählen?": a slider for each criterion. Moving one makes the others give
// way in proportion, so that the sum stays 100 percent.
import { el, replace } from "./dom";
import type { Ranking } from "./placement";
import { weightText } from "./rankwords";
import { moved, weightsOf, wholePercents } from "./scoring";
import type { Store, View } from "./view";

export interface Sliders {
  element: HTMLDetailsElement;
  show: (view: View) => void;
}

export function sliders(ranking: Ranking, store: Store): Sliders {
  // While one slider is moved, the others keep the proportions they had before: moved to the
  // end and back again, all is as it was.
  let mover = -1;
  let before: readonly number[] = [];
  let own: readonly number[] | null = null;

  const rows = ranking.criteria.map((criterion, k) => {
    const id = `gewicht-${k}`;
    const percent = el("output", { class: "weight-percent", attr: { for: id } });
    const input = el("input", {
      class: "weight",
      attr: { id, type: "range", min: 0, max: 100, step: 1, disabled: ranking.criteria.length === 1 },
      on: {
        input: () => {
          if (mover !== k || store.view.weights !== own) {
            mover = k;
            before = weightsOf(ranking, store.view.weights);
          }
          own = moved(before, k, Number(input.value), ranking.weights);
          store.set({ weights: own });
        },
      },
    });
    const element = el(
      "div", { class: "weight-row" },
      el("label", { attr: { for: id } }, criterion.label), percent, input,
    );
    return { element, input, percent };
  });
  const reset = el(
    "button",
    { class: "button small", attr: { type: "button" }, on: { click: () => store.set({ weights: null }) } },
    "Gewichte der Studie",
  );
  const element = el(
    "details", { class: "more weights" },
    el("summary", {}, "Was soll wie viel zählen?"),
    el("p", { class: "card-note" }, "Zusammen sind es immer 100 Prozent: Zählt eines mehr, zählen die anderen im gleichen Verhältnis weniger."),
    ...rows.map((row) => row.element), reset,
  );
  const show = (view: View): void => {
    const weights = weightsOf(ranking, view.weights);
    const whole = wholePercents(weights);
    rows.forEach(({ input, percent }, k) => {
      const text = weightText(weights[k]!);
      // A slider that is held keeps its own value.
      if (Number(input.value) !== whole[k]) input.value = `${whole[k]}`;
      input.setAttribute("aria-valuetext", text.replace("\u00a0%", " Prozent"));
      replace(percent, text);
    });
    reset.disabled = view.weights === null;
  };
  show(store.view);
  return { element, show };
}
