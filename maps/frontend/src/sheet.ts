// On a tablet held upright the panel is a sheet at the lower edge: it can be pulled up by its
// grip, or raised and lowered by pressing the grip or with the arrow keys.
import { byId } from "./dom";

type Height = "low" | "half" | "full";

let lower = (): void => undefined;

/** Leaves room to the map where the sheet covers it. */
export function lowerSheet(): void {
  lower();
}

const ORDER: Height[] = ["low", "half", "full"];

/** Starts the sheet; `resized` is called when the map above it has become larger or smaller. */
export function startSheet(resized: () => void): void {
  const grip = byId<HTMLButtonElement>("griff");
  const panel = byId("panel");
  const head = panel.querySelector<HTMLElement>(".head")!;
  const text = byId("griff-text");
  let height: Height = "half";

  const pixels = (which: Height): number => {
    const room = window.innerHeight;
    if (which === "full") return room - 72;
    if (which === "half") return Math.round(room * 0.44);
    return grip.offsetHeight + head.offsetHeight;
  };
  const root = document.documentElement.style;
  const lift = (sheet: number): void => root.setProperty("--sheet", `${sheet}px`);
  const leaveToMap = (sheet: number): void => {
    root.setProperty("--map-bottom", `${sheet}px`);
    resized();
  };
  const set = (next: Height): void => {
    height = next;
    panel.dataset["height"] = next;
    lift(pixels(next));
    // Under a sheet that covers all, the map stays as it is.
    if (next !== "full") leaveToMap(pixels(next));
    text.textContent = next === "full" ? "Auswahl und Liste kleiner zeigen" : "Auswahl und Liste größer zeigen";
  };
  const step = (by: 1 | -1): void => {
    const next = ORDER[ORDER.indexOf(height) + by];
    if (next) set(next);
  };

  let dragged = false;
  grip.addEventListener("click", () => {
    if (dragged) return;
    if (height === "full") set("low");
    else step(1);
  });
  grip.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    step(event.key === "ArrowUp" ? 1 : -1);
  });
  grip.addEventListener("pointerdown", (event) => {
    grip.setPointerCapture(event.pointerId);
    const from = event.clientY;
    const start = pixels(height);
    dragged = false;
    panel.classList.add("dragged");
    leaveToMap(pixels("low"));
    const move = (next: PointerEvent): void => {
      if (Math.abs(next.clientY - from) > 6) dragged = true;
      const wanted = Math.min(pixels("full"), Math.max(pixels("low"), start + from - next.clientY));
      lift(wanted);
    };
    const end = (next: PointerEvent): void => {
      grip.removeEventListener("pointermove", move);
      grip.removeEventListener("pointerup", end);
      grip.removeEventListener("pointercancel", end);
      panel.classList.remove("dragged");
      if (!dragged) {
        leaveToMap(pixels(height === "full" ? "half" : height));
        return;
      }
      const wanted = start + from - next.clientY;
      const distance = (which: Height): number => Math.abs(pixels(which) - wanted);
      set([...ORDER].sort((a, b) => distance(a) - distance(b))[0]!);
    };
    grip.addEventListener("pointermove", move);
    grip.addEventListener("pointerup", end);
    grip.addEventListener("pointercancel", end);
  });
  lower = () => {
    if (height === "full") set("half");
  };
  window.addEventListener("resize", () => set(height));
  set("half");
}
