// What each criterion contributes to a candidate: a bar as long as the weight, filled as far as
// the candidate earns it, and the same in words.
import { el, svg } from "./dom";
import type { Candidate } from "./placement";
import { pointsText, shareOf, valueText } from "./rankwords";
import type { Shown } from "./standing";

const LENGTH = 100;

export function bars({ ranking, standing }: Shown, candidate: Candidate): HTMLElement {
  const most = Math.max(...standing.weights);
  return el("ul", { class: "bars" }, ...ranking.criteria.map((criterion, k) => {
    const weight = standing.weights[k]!;
    const share = shareOf(candidate, standing, k);
    const known = candidate.raw[k] !== 0;
    return el(
      "li", {},
      el("span", { class: "bar-label" }, criterion.label),
      el("span", { class: known ? "bar-value" : "bar-value none" }, valueText(criterion, candidate.raw[k]!)),
      weight > 0 ? track(weight / most, candidate.scaled[k]!) : el("span", {}),
      el("span", { class: "bar-points" }, weight > 0
        ? `${pointsText(share)} von ${pointsText(weight).replace(/,0$/, "")}`
        : "zählt nicht", weight > 0 && el("span", { class: "spoken" }, " Punkten")),
    );
  }));
}

function track(length: number, filled: number): SVGElement {
  const full = Math.max(2, LENGTH * length);
  return svg(
    "svg", { viewBox: `0 0 ${LENGTH} 12`, class: "bar-track", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { x: 0, y: 0, width: full, height: 12, class: "bar-all" }),
    svg("rect", { x: 0, y: 0, width: full * filled, height: 12, class: "bar-part" }),
  );
}
