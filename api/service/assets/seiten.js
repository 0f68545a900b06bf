// Copying of addresses: the buttons appear only where this runs; without it the fields can be
// marked and copied by hand.
"use strict";

(() => {
  const told = document.getElementById("kopiert");

  async function copied(field) {
    field.select();
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(field.value);
      return true;
    }
    return document.execCommand("copy");
  }

  for (const button of document.querySelectorAll("button[data-kopiert]")) {
    const field = document.getElementById(button.dataset.kopiert);
    if (!field) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const done = await copied(field).catch(() => false);
      told.textContent = "";
      const words = done ? "Kopiert." : "Bitte mit Strg+C kopieren.";
      // In a moment of its own, so that the same words are read out again.
      setTimeout(() => { told.textContent = words; }, 50);
      button.firstElementChild.textContent = done ? "Kopiert" : "Strg+C";
      setTimeout(() => { button.firstElementChild.textContent = "Kopieren"; }, 2500);
    });
  }
})();
