/* What Slack's client does by itself: confirm dialogs, Escape, folding, scrolling, dates in words. */
"use strict";
(() => {
  const LONGEST = 700; // pixels of a message of the app that are shown unfolded

  /** The dialog of an element with a `confirm` object, instead of the browser's own. */
  document.addEventListener("htmx:confirm", (event) => {
    const { ctx, issueRequest, dropRequest } = event.detail;
    const words = ctx.sourceElement.dataset.confirm;
    if (!words) return;
    event.preventDefault();
    const { title, text, yes, no, style } = JSON.parse(words);
    const dialog = document.getElementById("confirm");
    dialog.querySelector("h2").textContent = title;
    dialog.querySelector(".text").innerHTML = text; // drawn by the server
    const [deny, confirm] = dialog.querySelectorAll("footer button");
    deny.textContent = no;
    confirm.textContent = yes;
    confirm.className = `button ${style}`;
    dialog.returnValue = "";
    dialog.addEventListener(
      "close", () => (dialog.returnValue === "yes" ? issueRequest() : dropRequest()), { once: true }
    );
    dialog.showModal();
  });
  document.addEventListener("click", (event) => {
    const dialog = event.target.closest("#confirm");
    const button = event.target.closest("#confirm button");
    if (button) dialog.close(button.value);
    else if (dialog && event.target === dialog) dialog.close(""); // the backdrop
    event.target.closest(".see-more")?.closest(".content").toggleAttribute("open");
  });

  /** Escape closes what is on top: a dialog or a menu (by the browser), a list, then the form. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    if (document.querySelector("dialog[open], :popover-open") || pickers.close()) return;
    document.querySelector("#modal .close")?.click();
  });

  function fold() {
    for (const content of document.querySelectorAll(".by-app .content")) {
      content.toggleAttribute("data-js-long", content.scrollHeight > LONGEST);
    }
  }

  /** A thread opens at its first message, and follows new replies if its end was in view. */
  const thread = { name: null, replies: 0, atEnd: true };
  const threadPane = () => document.querySelector("#thread .messages");
  const isAtEnd = (pane) => pane.scrollHeight - pane.scrollTop - pane.clientHeight < 40;
  function follow() {
    const pane = threadPane();
    if (!pane) return void (thread.name = null);
    const replies = pane.querySelectorAll("article");
    if (pane.dataset.thread !== thread.name) pane.scrollTop = 0;
    else if (replies.length > thread.replies && thread.atEnd)
      [...replies].at(-1).scrollIntoView({ block: "nearest" });
    Object.assign(thread, { name: pane.dataset.thread, replies: replies.length });
    thread.atEnd = isAtEnd(pane);
  }
  document.addEventListener("scroll", (event) => {
    if (event.target === threadPane()) thread.atEnd = isAtEnd(event.target);
  }, { capture: true, passive: true });

  /** A browser writes a date in its own language; the page writes it in the person's. */
  const FORMATS = { date: { dateStyle: "long" }, time: { timeStyle: "short" } };
  function writeDates() {
    for (const input of document.querySelectorAll(".part input")) {
      const value = input.valueAsDate;
      const format = { ...FORMATS[input.type], timeZone: "UTC" };
      const words = value ? value.toLocaleString(document.documentElement.lang, format) : "";
      const shown = input.nextElementSibling;
      if (shown.textContent !== words) shown.textContent = words;
    }
  }
  document.addEventListener("input", writeDates);
  document.addEventListener("mousedown", (event) => {
    if (!event.target.matches(".part input")) return;
    event.preventDefault();
    event.target.showPicker();
  });

  function sync() {
    pickers.sync();
    fold();
    follow();
    writeDates();
  }
  document.addEventListener("DOMContentLoaded", () => {
    sync();
    const changes = { subtree: true, childList: true, characterData: true, attributes: true,
      attributeFilter: ["value", "data-query", "hidden"] };
    new MutationObserver(sync).observe(document.body, changes);
  });
})();
