// The charts of /figures: bundled with what of Apache ECharts they need (Makefile), and fetched only by
// who asks for them (web/figures.js). They draw what the page's own JSON says; colours are the page's.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** "12" and "96.4%" as numbers; what is not told is a gap. */
const number = (said) => (/^\d/.test(said) ? Number.parseFloat(said) : null);

function options(kind, rows, names) {
  const ink = token("--govuk-text-colour") || "#0b0c0c";
  const line = token("--govuk-border-colour") || "#b1b4b6";
  const flat = kind === "departments" || kind === "items";
  const shown = flat ? rows.slice(0, 12).reverse() : rows;
  const axis = {
    axisLabel: { color: ink, hideOverlap: true },
    axisLine: { lineStyle: { color: line } },
    splitLine: { lineStyle: { color: line } },
  };
  const said = shown.map((row) => row.name);
  const labels = { ...axis, type: "category", data: said, splitLine: { show: false } };
  if (flat) labels.axisLabel = { color: ink, width: 150, overflow: "truncate" };
  const values = { ...axis, type: "value", minInterval: 1 };
  return {
    animation: false,
    color: ["--govuk-link-colour", "--ym-accent", "--ym-green"].map(token),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    legend: { top: 0, textStyle: { color: ink } },
    tooltip: { trigger: "axis", renderMode: "richText" },
    grid: { left: 8, right: 24, top: 40, bottom: 8, outerBoundsMode: "same" },
    xAxis: flat ? values : labels,
    yAxis: flat ? labels : values,
    // Told apart by their marks too.
    series: Object.entries(names).map(([field, name], at) => ({
      name,
      symbol: ["circle", "rect", "triangle"][at],
      type: flat || rows.length < 3 ? "bar" : "line",
      symbolSize: 6,
      data: shown.map((row) => number(row[field])),
    })),
  };
}

/** Draws the chart of each table into its place; names: what its columns are called. */
export function draw(places, page) {
  for (const place of places) {
    const rows = page[place.dataset.chart];
    if (!rows?.length) continue;
    const flat = place.dataset.chart !== "periods" && place.dataset.chart !== "channels";
    place.hidden = false;
    place.style.height = `${flat ? 90 + 36 * Math.min(rows.length, 12) : 320}px`;
    const chart = init(place, null, { renderer: "svg" });
    const names = Object.fromEntries(
      place.dataset.series.split(" ").map((field) => [field, place.getAttribute(`data-${field}`)]),
    );
    chart.setOption(options(place.dataset.chart, rows, names));
    const svg = place.querySelector("svg");
    svg?.setAttribute("role", "img");
    svg?.setAttribute("aria-label", place.getAttribute("aria-label"));
    addEventListener("resize", () => chart.resize());
    addEventListener("beforeprint", () => chart.resize());
  }
}

globalThis.ymCharts = draw;
