// On a tablet held upright the panel is a sheet at the lower edge: it can be pulled up by its
// grip, or raised and lowered by pressing the grip or with the arrow keys.
import { byId } from "./dom";

type Height = "low" | "half" | "full";

const ORDER: Height[] = ["low", "half", "full"];
const UPRIGHT = "(max-width: 900px)";

export interface Sheet {
  /** Pixels at the lower edge of the map that the sheet covers; 0 beside a panel. */
  covers: () => number;
}

export function startSheet(changed: () => void): Sheet {
  const grip = byId<HTMLButtonElement>("griff");
  const panel = byId("panel");
  const text = byId("griff-text");
  const upright = window.matchMedia(UPRIGHT);
  let height: Height = "half";

  const pixels = (which: Height): number => {
    const room = window.innerHeight;
    if (which === "full") return room - 72;
    return which === "half" ? Math.round(room * 0.44) : 156;
  };
  const set = (next: Height): void => {
    height = next;
    panel.dataset["height"] = next;
    document.documentElement.style.setProperty("--sheet", `${pixels(next)}px`);
    text.textContent = next === "full" ? "Auswahl und Liste kleiner zeigen" : "Auswahl und Liste größer zeigen";
    changed();
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
    const move = (next: PointerEvent): void => {
      if (Math.abs(next.clientY - from) > 6) dragged = true;
      const wanted = Math.min(pixels("full"), Math.max(pixels("low"), start + from - next.clientY));
      document.documentElement.style.setProperty("--sheet", `${wanted}px`);
    };
    const end = (next: PointerEvent): void => {
      grip.removeEventListener("pointermove", move);
      grip.removeEventListener("pointerup", end);
      grip.removeEventListener("pointercancel", end);
      panel.classList.remove("dragged");
      if (!dragged) return;
      const wanted = start + from - next.clientY;
      const distance = (which: Height): number => Math.abs(pixels(which) - wanted);
      set([...ORDER].sort((a, b) => distance(a) - distance(b))[0]!);
    };
    grip.addEventListener("pointermove", move);
    grip.addEventListener("pointerup", end);
    grip.addEventListener("pointercancel", end);
  });
  window.addEventListener("resize", () => set(height));
  set("half");
  return { covers: () => (upright.matches ? pixels(height) : 0) };
}
