// /figures: a button that draws the charts. Everything they say stands in the tables already; what draws
// them is fetched when somebody asks, and then only.
(() => {
  const box = document.querySelector("[data-charts]");
  const button = box?.querySelector("button");
  const places = [...document.querySelectorAll("[data-chart]")];
  if (!button || !places.length) return;
  const said = document.querySelector("[data-charts-said]");
  box.hidden = false;

  const load = (address) =>
    new Promise((done, fail) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = fail;
      document.head.append(script);
    });

  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const [answer] = await Promise.all([
        fetch(location.href, { headers: { Accept: "application/json" } }),
        load(box.dataset.charts),
      ]);
      if (!answer.ok) throw new Error(String(answer.status));
      globalThis.ymCharts(places, await answer.json());
      box.hidden = true;
    } catch {
      button.disabled = false;
      said.hidden = false;
    }
  });
})();
