// A page that keeps itself up to date. The house says by server-sent events that it would be another
// page by now; it is then fetched again, and what differs is put in its place. Nothing else is touched,
// so that focus, scrolling and selections stay. What somebody types in is never touched at all.
// Without this script the page says as of when it is, and has a link to itself.
"use strict";
(() => {
  const box = document.getElementById("live");
  const main = document.getElementById("main");
  if (!box || !main || !window.EventSource || !window.fetch || !window.DOMParser) return;

  const POLL_MS = 30000; // without a stream
  const SILENT_MS = 50000; // a beat comes every 20 s: the line is dead
  const HIDDEN_MS = 30000; // a page that nobody looks at lets go of its stream
  const NEW_MS = 8000; // how long what is new is marked

  let stream = null;
  let number = "0"; // of the stream, by which the house knows that the page stood open
  let position = box.dataset.position;
  let asOf = Date.now(); // the page is known to be right up to here
  let heardAt = asOf;
  let missing = false; // a change that is not shown yet
  let fetching = false;
  let ended = false; // signed out, or the page is no more
  let hidden = 0;

  const part = (name) => box.querySelector(`[data-part="${name}"]`);
  const words = (name, value) => part(name).textContent.replace("{}", value);
  const show = (name, on) => {
    part(name).hidden = !on;
  };
  const say = (text) => {
    part("said").textContent = text;
  };

  // ---- what is shown of how current the page is ----

  function tell() {
    const cut = !stream || Date.now() - heardAt > SILENT_MS;
    const minutes = Math.floor((Date.now() - asOf) / 60000);
    show("on", !ended && !cut);
    show("off", !ended && cut);
    show("ended", ended);
    part("minutes").textContent = String(minutes);
    show("age", (ended || cut) && minutes > 0);
    box.classList.toggle("ym-live--cut", ended || cut);
  }

  // ---- putting in place what differs ----

  let held; // something differs where somebody types
  let changed;

  const typed = (field) => {
    if (field.type === "checkbox" || field.type === "radio")
      return field.checked !== field.defaultChecked;
    if (field.type === "file") return field.files.length > 0;
    if (["hidden", "submit", "button"].includes(field.type)) return false;
    if (field.tagName === "SELECT") {
      const first = Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
      return !field.multiple && field.selectedIndex !== first;
    }
    return field.value !== field.defaultValue;
  };
  const writing = (form) => {
    const at = document.activeElement;
    const inside = form.contains(at) && at.matches("input, select, textarea");
    return inside || [...form.elements].some(typed);
  };
  const writtenIn = (node) =>
    node.nodeType === Node.ELEMENT_NODE &&
    [...(node.tagName === "FORM" ? [node] : node.querySelectorAll("form"))].some(writing);

  /** Two forms that differ in nothing but what is drawn anew for each page. */
  function sameForm(a, b) {
    const plain = (form) => {
      const copy = form.cloneNode(true);
      for (const field of copy.querySelectorAll('input[type="hidden"][name^="_"]')) field.remove();
      return copy;
    };
    return plain(a).isEqualNode(plain(b));
  }

  function attributes(have, want) {
    const kept = have.tagName === "DETAILS" ? ["open"] : [];
    for (const { name, value } of [...want.attributes])
      if (!kept.includes(name) && have.getAttribute(name) !== value) have.setAttribute(name, value);
    for (const { name } of [...have.attributes])
      if (!kept.includes(name) && !want.hasAttribute(name)) have.removeAttribute(name);
  }

  const alike = (have, want) =>
    have.nodeName === want.nodeName && (have.id || "") === (want.id || "");

  function renew(have, want) {
    if (have.isEqualNode(want)) return;
    if (have.nodeType !== Node.ELEMENT_NODE) {
      if (have.nodeValue.trim() !== want.nodeValue.trim()) changed = true;
      have.nodeValue = want.nodeValue;
      return;
    }
    if (have.tagName === "FORM") {
      const same = sameForm(have, want);
      if (writing(have)) {
        held = held || !same;
        return;
      }
      changed = changed || !same;
      attributes(have, want);
      children(have, want);
      if (!same) have.reset();
      return;
    }
    attributes(have, want);
    children(have, want);
  }

  const ours = (node) => node.id === "live" || node.nodeName === "SCRIPT";

  function children(old, now) {
    let at = old.firstChild;
    for (const want of [...now.childNodes].filter((node) => !ours(node))) {
      // What somebody types in keeps its place, also where the new page has nothing there.
      while (at && (ours(at) || (!alike(at, want) && writtenIn(at)))) {
        held = held || !ours(at);
        at = at.nextSibling;
      }
      const same = want.id ? [...old.children].find((child) => child.id === want.id) : at;
      if (same && alike(same, want)) {
        if (same !== at) old.insertBefore(same, at);
        else at = at.nextSibling;
        renew(same, want);
      } else {
        const added = document.importNode(want, true);
        old.insertBefore(added, at);
        if (added.nodeType === Node.ELEMENT_NODE) {
          mark(added);
          changed = true;
        }
      }
    }
    while (at) {
      const next = at.nextSibling;
      if (writtenIn(at)) held = true;
      else if (!ours(at)) {
        changed = changed || at.nodeType === Node.ELEMENT_NODE;
        at.remove();
      }
      at = next;
    }
  }

  function mark(element) {
    element.classList.add("ym-live-new");
    setTimeout(() => element.classList.remove("ym-live-new"), NEW_MS);
  }

  const rows = () =>
    new Map([...main.querySelectorAll("tr[id]")].map((row) => [row.id, row.textContent.trim()]));
  const state = () => main.querySelector("[data-state]")?.textContent.trim() ?? "";

  /** In a sentence or two, for those who do not see it happen. */
  function said(before, rowsBefore) {
    const after = state();
    if (after && after !== before) return words("word-state", after);
    const now = rows();
    const came = [...now.keys()].filter((id) => !rowsBefore.has(id)).length;
    const went = [...rowsBefore.keys()].filter((id) => !now.has(id)).length;
    const other = [...now].filter(([id, text]) => rowsBefore.has(id) && rowsBefore.get(id) !== text);
    for (const [id] of other) mark(document.getElementById(id));
    const parts = [];
    if (came) parts.push(words("word-came", came));
    if (went) parts.push(words("word-went", went));
    if (other.length) parts.push(words("word-other", other.length));
    return parts.length ? parts.join("") : words("word-changed", "");
  }

  function put(page) {
    const now = page.getElementById("main");
    const nowBox = page.getElementById("live");
    if (!now || !nowBox) return false;
    const before = state();
    const rowsBefore = rows();
    const focus = document.activeElement;
    held = changed = false;
    children(main, now);
    if (document.activeElement !== focus && focus !== document.body && focus.isConnected)
      focus.focus({ preventScroll: true });
    attributes(part("time"), nowBox.querySelector('[data-part="time"]'));
    part("time").textContent = nowBox.querySelector('[data-part="time"]').textContent;
    position = nowBox.dataset.position;
    const news = held ? part("held").textContent : changed ? said(before, rowsBefore) : "";
    if (held) show("held", true);
    if (news) say(news);
    return true;
  }

  // ---- asking ----

  async function fetchAgain() {
    if (ended) return;
    missing = true;
    if (fetching) return;
    fetching = true;
    try {
      while (missing && !ended) {
        missing = false;
        const answer = await fetch(location.href, {
          headers: { Accept: "text/html", "Yimen-Live": number },
          credentials: "same-origin",
          cache: "no-store",
        });
        const over = answer.redirected || [401, 403, 404].includes(answer.status);
        if (over) end();
        else if (!answer.ok) throw new Error(String(answer.status));
        else if (put(new DOMParser().parseFromString(await answer.text(), "text/html")))
          asOf = Date.now();
        else location.reload();
      }
    } catch {
      missing = true;
    } finally {
      fetching = false;
      tell();
    }
  }

  function end() {
    ended = true;
    close();
    say(part("ended").textContent);
    tell();
  }

  function close() {
    if (stream) stream.close();
    stream = null;
  }

  function heard() {
    heardAt = Date.now();
    if (missing) fetchAgain();
    else asOf = heardAt;
    tell();
  }

  function open() {
    close();
    const url = new URL(location.href);
    url.hash = "";
    url.searchParams.set("live", position);
    const mine = new EventSource(url);
    stream = mine;
    mine.addEventListener("begun", (event) => {
      number = event.data;
      heard();
    });
    mine.addEventListener("beat", heard);
    mine.addEventListener("changed", () => {
      heardAt = Date.now();
      fetchAgain();
    });
    // The browser tries again by itself, unless it was answered something else: then we ask.
    mine.addEventListener("error", () => {
      heardAt = 0;
      tell();
      if (mine !== stream || mine.readyState !== EventSource.CLOSED) return;
      close();
      fetchAgain();
    });
  }

  // Asks while there is no stream, and opens one again; or asks for what could not be fetched.
  function ask() {
    const silent = !stream || Date.now() - heardAt > SILENT_MS;
    if (ended || document.hidden || !(silent || missing)) return;
    fetchAgain().then(() => {
      if (silent && !ended && !missing && !document.hidden) open();
    });
  }
  setInterval(ask, POLL_MS);
  window.addEventListener("online", ask);
  setInterval(tell, 5000);

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hidden);
    if (document.hidden) hidden = setTimeout(close, HIDDEN_MS);
    else if (!stream && !ended) open();
    tell();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && !ended) open();
  });
  open();
})();
