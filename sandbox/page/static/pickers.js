/* The selects of a modal: opens and closes their lists, filters options, follows the keyboard.
   The server draws box and list. What this file adds to them is in the attributes `open`,
   `aria-expanded`, `aria-activedescendant` and `data-js-…`, which a redrawing leaves as they are. */
"use strict";
const pickers = (() => {
  const LIST_HEIGHT = 300; // pixels
  const input = (picker) => picker.querySelector("input");
  const list = (picker) => picker.querySelector(".picker-list");
  const current = () => document.querySelector(".picker[open]");
  const options = (picker) => [...picker.querySelectorAll(".item:not([data-js-out])")];
  const active = (picker) => picker.querySelector(".item[data-js-active]");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  /** What is typed in the box. The chosen label, which is there from the start, is not typed. */
  function query(picker) {
    const box = input(picker);
    return box.value === box.defaultValue ? "" : box.value.trim();
  }

  /** Whether the list is the answer to what is typed: the server may still be searching. */
  function isAnswered(picker) {
    const { searched, query: answered } = list(picker).dataset;
    return !searched || answered === query(picker);
  }

  function filter(picker) {
    const words = plain(query(picker)).split(/\s+/);
    const isSearched = Boolean(list(picker).dataset.searched);
    for (const option of picker.querySelectorAll(".item")) {
      const text = plain(option.textContent);
      const isOut = !isSearched && !words.every((word) => text.includes(word));
      option.toggleAttribute("data-js-out", isOut);
    }
    list(picker).toggleAttribute("data-js-empty", !isSearched && !options(picker).length);
  }

  function activate(picker, option) {
    active(picker)?.removeAttribute("data-js-active");
    option?.setAttribute("data-js-active", "");
    option?.scrollIntoView({ block: "nearest" });
    input(picker).setAttribute("aria-activedescendant", option?.id ?? "");
  }

  /** Put the list below its box, or above it where there is more room. */
  function place(picker) {
    const box = picker.querySelector(".picker-box").getBoundingClientRect();
    const below = window.innerHeight - box.bottom - 12, above = box.top - 12;
    const isBelow = below >= Math.min(LIST_HEIGHT, list(picker).scrollHeight) || below >= above;
    const style = document.documentElement.style;
    style.setProperty("--list-left", `${box.left}px`);
    style.setProperty("--list-width", `${box.width}px`);
    style.setProperty("--list-top", isBelow ? `${box.bottom + 4}px` : "auto");
    style.setProperty("--list-bottom", isBelow ? "auto" : `${window.innerHeight - box.top + 4}px`);
    style.setProperty("--list-height", `${Math.min(LIST_HEIGHT, isBelow ? below : above)}px`);
  }

  function open(picker) {
    if (picker.hasAttribute("open")) return;
    close();
    picker.setAttribute("open", "");
    input(picker).setAttribute("aria-expanded", "true");
    filter(picker);
    place(picker);
    activate(picker, picker.querySelector(".item[aria-selected=true]") ?? options(picker)[0]);
    input(picker).dispatchEvent(new Event("opened")); // a list of the bot's is fetched
  }

  function close() {
    const picker = current();
    if (!picker) return false;
    picker.removeAttribute("open");
    input(picker).setAttribute("aria-expanded", "false");
    input(picker).value = input(picker).defaultValue;
    return true;
  }

  /** After a redrawing: a closed box shows what was chosen, an open list has an active option. */
  function sync() {
    for (const picker of document.querySelectorAll(".picker:not([open])")) {
      if (input(picker).value !== input(picker).defaultValue)
        input(picker).value = input(picker).defaultValue;
    }
    const picker = current();
    if (!picker) return;
    filter(picker);
    place(picker);
    if (!active(picker) || active(picker).hasAttribute("data-js-out"))
      activate(picker, options(picker)[0]);
  }

  function move(picker, step) {
    const shown = options(picker);
    const at = shown.indexOf(active(picker));
    activate(picker, shown[(at + step + shown.length) % shown.length]);
  }

  function onKey(event, picker) {
    const isOpen = picker.hasAttribute("open");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (isOpen) move(picker, event.key === "ArrowDown" ? 1 : -1);
      else open(picker);
      event.preventDefault();
    } else if (event.key === "Enter") {
      if (!isOpen) open(picker);
      else if (isAnswered(picker)) active(picker)?.click();
      event.preventDefault(); // it would send the form
    } else if (event.key === "Tab") close();
    else if (event.key === "Backspace" && !input(picker).value)
      [...picker.querySelectorAll(".chip button")].at(-1)?.click();
  }

  function onClick(event, picker) {
    if (event.target.closest(".picker-back")) close();
    else if (event.target.closest(".item")) {
      if (!picker.classList.contains("several")) return void close();
      input(picker).value = "";
      filter(picker);
      input(picker).dispatchEvent(new Event("opened"));
    } else if (event.target.closest(".picker-box") && !event.target.closest("button")) {
      const isOnChevron = event.target.closest(".chevron");
      if (isOnChevron && close()) return;
      input(picker).focus();
      open(picker);
      input(picker).select();
    }
  }

  const pickerOf = (event) => event.target.closest?.(".picker");
  document.addEventListener("keydown", (event) => {
    const picker = pickerOf(event);
    if (picker && event.target === input(picker) && !event.isComposing) onKey(event, picker);
  });
  document.addEventListener("click", (event) => pickerOf(event) && onClick(event, pickerOf(event)));
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest(".picker-list")) event.preventDefault(); // the box keeps the focus
    else if (current() && current() !== pickerOf(event)) close();
  });
  document.addEventListener("focusin", (event) => {
    if (current() && current() !== pickerOf(event)) close();
  });
  document.addEventListener("input", (event) => {
    const picker = pickerOf(event);
    if (!picker) return;
    open(picker);
    filter(picker);
    activate(picker, options(picker)[0]);
  });
  const replace = () => current() && place(current());
  window.addEventListener("resize", replace);
  document.addEventListener("scroll", replace, { capture: true, passive: true });
  return { close, sync };
})();
