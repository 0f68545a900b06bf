// Esc closes what was opened last.

const open: { name: string; close: () => void }[] = [];

export function opened(name: string, close: () => void): void {
  closed(name);
  open.push({ name, close });
}

export function closed(name: string): void {
  const index = open.findIndex((entry) => entry.name === name);
  if (index >= 0) open.splice(index, 1);
}

export function startEscape(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    // A dialog closes itself, and a search field empties itself first.
    if (document.querySelector("dialog[open]")) return;
    if (event.target instanceof HTMLInputElement && event.target.value && event.target.type === "search") return;
    const last = open.pop();
    if (!last) return;
    event.preventDefault();
    last.close();
  });
}
