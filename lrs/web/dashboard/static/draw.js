// Draws the charts of a page: each <figure data-chart> holds its Vega-Lite specification as JSON in a
// <script type="application/json">, and is drawn into its .chart-drawing, as wide as that is. Needs vegaEmbed, from
// vega.js. Expressions are interpreted and no style is written into the page, so that a strict Content-Security-Policy
// holds. Where drawing fails, what stood in .chart-drawing stays; the words and the table beside it are there anyhow.
(() => {
  "use strict";

  const OPTIONS = {
    mode: "vega-lite",
    renderer: "svg",
    ast: true,
    actions: false,
    defaultStyle: false,
    loader: { load: () => Promise.reject(new Error("a chart loads nothing")) },
  };

  /** One tooltip for all charts: lines of `name: value`, written as text. */
  function tooltip() {
    const box = document.createElement("div");
    box.className = "chart-tooltip";
    box.setAttribute("role", "tooltip");
    box.hidden = true;
    document.body.append(box);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") box.hidden = true;
    });
    return (_handler, event, _item, value) => {
      if (value === null || value === undefined || value === "") {
        box.hidden = true;
        return;
      }
      box.replaceChildren(...lines(value));
      box.hidden = false;
      place(box, event);
    };
  }

  function lines(value) {
    if (typeof value !== "object") return [line(String(value))];
    return Object.entries(value).map(([name, text]) => line(`${name}: ${text}`));
  }

  function line(text) {
    const element = document.createElement("div");
    element.textContent = text;
    return element;
  }

  /** Beside the pointer, inside of the window. Set through the object model, which a policy on styles allows. */
  function place(box, event) {
    const space = 12;
    const right = document.documentElement.clientWidth - box.offsetWidth - 4;
    const below = event.clientY + space + box.offsetHeight < document.documentElement.clientHeight;
    Object.assign(box.style, {
      position: "fixed",
      left: `${Math.max(4, Math.min(event.clientX + space, right))}px`,
      top: `${below ? event.clientY + space : Math.max(4, event.clientY - space - box.offsetHeight)}px`,
    });
  }

  async function draw(figure, place, show) {
    const canvas = document.createElement("div");
    Object.assign(canvas.style, { width: "100%" });
    try {
      const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
      place.append(canvas);
      await globalThis.vegaEmbed(canvas, spec, { ...OPTIONS, tooltip: show });
    } catch (error) {
      canvas.remove();
      figure.dataset.chart = "failed";
      console.warn(`The chart ${figure.id} is not drawn: ${error.message}`);
      return;
    }
    place.replaceChildren(canvas);
    describe(figure, place);
    figure.dataset.chart = "drawn";
  }

  /** One picture with a name: its marks are no things of their own, and the table has what they say. */
  function describe(figure, place) {
    place.setAttribute("role", "img");
    for (const name of ["aria-labelledby", "aria-describedby"]) {
      const value = place.getAttribute(name) ?? figure.getAttribute(name);
      if (value) place.setAttribute(name, value);
    }
    place.querySelector("svg")?.setAttribute("aria-hidden", "true");
  }

  /** At once where there is room; in what is folded away, as soon as it is unfolded. */
  function whenThereIsRoom(place, then) {
    if (place.clientWidth > 0) {
      then();
      return;
    }
    const watch = new ResizeObserver(() => {
      if (place.clientWidth > 0) {
        watch.disconnect();
        then();
      }
    });
    watch.observe(place);
  }

  function start() {
    const show = tooltip();
    for (const figure of document.querySelectorAll("figure[data-chart]")) {
      const place = figure.querySelector(".chart-drawing");
      if (place) whenThereIsRoom(place, () => draw(figure, place, show));
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
