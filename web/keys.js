// Keyboard shortcuts for the staff. Each is a control of the page that says `data-key`; the dialog
// lists them. They do nothing while somebody types, or with Ctrl, Alt or Meta, and can be switched off
// (WCAG 2.1.4); a cookie remembers that. Without this script nothing is lost.
"use strict";
(() => {
  const dialog = document.getElementById("keys");
  const opener = document.getElementById("keys-open");
  const on = document.getElementById("keys-on");
  if (!dialog || !opener || !on || !dialog.showModal) return;
  const OFF = "yimen_keys=off";
  const SEQUENCE_MS = 1500;

  const active = () => !document.cookie.split("; ").includes(OFF);
  const control = (key) =>
    [...document.querySelectorAll("[data-key]")].find(
      (one) => one.dataset.key === key && !one.disabled && one.getClientRects().length,
    );

  /** Single keys are told to assistive technology; there is no way to tell it of two in a row. */
  function tell() {
    on.checked = active();
    for (const one of document.querySelectorAll("[data-key]"))
      if (one.dataset.key.length === 1 && active())
        one.setAttribute("aria-keyshortcuts", one.dataset.key);
      else one.removeAttribute("aria-keyshortcuts");
  }

  const rows = () =>
    [...document.querySelectorAll("main table.ym-desk tbody tr")]
      .map((row) => row.querySelector("a[href]"))
      .filter(Boolean);
  function step(by) {
    const links = rows();
    const row = document.activeElement?.closest?.("tr");
    const at = links.findIndex((link) => link.closest("tr") === row);
    const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by;
    links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
  }

  function act(part) {
    const one = part.matches("a, input, select, textarea, button") ? part : part.querySelector("button");
    if (one.matches("input, select, textarea")) {
      one.focus();
      one.select?.();
    } else one.click();
  }

  function press(key) {
    if (key === "?") dialog.showModal();
    else if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (control(key)) act(control(key));
    else if (key === "/" && control("g c")) act(control("g c"));
    else return false;
    return true;
  }

  let before = ""; // the first of two keys
  let at = 0;
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const writes = target.closest?.("input, textarea, select, [contenteditable]");
    if (!active() || dialog.open) return;
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey || key.length !== 1) return;
    if (writes && !["checkbox", "radio", "submit", "button"].includes(writes.type)) return;
    const both = before && Date.now() - at < SEQUENCE_MS ? `${before} ${key}` : key;
    before = both === "g" ? "g" : "";
    at = Date.now();
    if (before || press(both)) event.preventDefault();
  });

  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  on.addEventListener("change", () => {
    const age = on.checked ? 0 : 31536000;
    document.cookie = `${OFF}; Path=/; SameSite=Lax; Max-Age=${age}`;
    tell();
  });
  // What comes later (a page that keeps itself up to date) is told as well.
  new MutationObserver(tell).observe(document.getElementById("main"), { childList: true, subtree: true });
  tell();
})();
