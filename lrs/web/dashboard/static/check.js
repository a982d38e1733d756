// Checks a statement while it is typed: sends the form that is there anyhow and asks for the result alone, which takes
// the place of the one before. Without this script the form is sent, and the page comes back with the result.
(() => {
  "use strict";

  const PAUSE_MS = 400;
  const HEADER = "X-Fragment";
  const PART = "result";

  function start(form) {
    const region = document.querySelector("[data-check-result]");
    if (!region) return;
    let timer = 0;
    let running = null;

    async function check() {
      running?.abort();
      running = new AbortController();
      const { signal } = running;
      region.setAttribute("aria-busy", "true");
      try {
        show(region, await ask(form, signal));
      } catch (error) {
        if (signal.aborted) return; // a newer one is on its way
        say(region, error.message);
      }
      region.removeAttribute("aria-busy");
    }

    function soon() {
      clearTimeout(timer);
      timer = setTimeout(check, PAUSE_MS);
    }

    form.addEventListener("input", soon);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      check();
    });
  }

  /** The result, as the text of a part of a page. */
  async function ask(form, signal) {
    let answer;
    try {
      answer = await fetch(form.action, {
        method: "POST",
        headers: { [HEADER]: PART },
        body: new URLSearchParams(new FormData(form)),
        credentials: "same-origin",
        signal,
      });
    } catch (error) {
      throw signal.aborted ? error : new Error("The server cannot be reached. What you typed is still here.");
    }
    if (answer.headers.get(HEADER) === PART) return answer.text();
    if (answer.status === 413) throw new Error("The statement is too large to be checked here.");
    throw new Error("It cannot be checked now: load the page anew, or sign in again. Copy what you typed first.");
  }

  /** Parsed apart from the page, so that nothing in it runs. */
  function show(region, text) {
    const part = new DOMParser().parseFromString(text, "text/html");
    region.replaceChildren(...part.body.childNodes);
  }

  function say(region, message) {
    const line = document.createElement("p");
    line.className = "outcome outcome-bad";
    line.textContent = message;
    region.replaceChildren(line);
  }

  function ready() {
    for (const form of document.querySelectorAll("form[data-check]")) start(form);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
