// The charts of the shown run: one line per series over the time since the run began.

import * as echarts from "../vendor/echarts.js";
import { byId, element, setText, stroke } from "./dom.js";
import { clock, count, duration, durationText, goalText, grouped, rate, shareText, UNKNOWN } from "./format.js";
import { isGoing } from "./state.js";

const FEW = 100;
const SHORTEST_SPAN = 30;
const TIME_STEPS = [5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

const percentiles = (of) => [
  { name: "p50", colour: "blue", value: (window) => window[of]?.p50 ?? null },
  { name: "p90", colour: "orange", value: (window) => window[of]?.p90 ?? null },
  { name: "p99", colour: "vermillion", value: (window) => window[of]?.p99 ?? null },
];

const CHARTS = [
  {
    key: "ttft", name: "Time to first token", text: durationText, axis: durationAxis, autoLog: true,
    values: (window) => window.ttft?.n ?? null, series: percentiles("ttft"), awaiting: "Awaiting the first token",
    limit: (run) => (run.ttftSloMs === null ? null : { value: run.ttftSloMs, text: `SLO ${durationText(run.ttftSloMs)}` }),
  },
  {
    key: "itl", name: "Inter-token latency", text: durationText, axis: durationAxis, autoLog: true,
    values: (window) => window.itl?.n ?? null, series: percentiles("itl"), awaiting: "Awaiting the second token",
  },
  {
    key: "attainment", name: "SLO attainment", text: shareText, top: 1,
    axis: () => ({ unit: "%", label: (value) => `${Math.round(value * 100)}` }),
    series: [{ name: "attained", colour: "green", value: (window) => window.attainment }],
    awaiting: "Awaiting the first request that ends",
    limit: (run) => (run.target === null ? null : { value: run.target, text: `target ${goalText(run.target)}` }),
  },
  {
    key: "tokens", name: "Throughput", axis: () => ({ unit: "output tokens/s", label: (value) => grouped(value) }),
    text: (value) => (value === null ? UNKNOWN : `${rate(value).number} tok/s`),
    series: [{ name: "output", colour: "blue", area: true, value: (window) => window.tokensPerSecond }],
    awaiting: "Awaiting the first token",
  },
  {
    key: "requests", name: "Requests in flight", text: count, whole: true,
    axis: () => ({ unit: "requests", label: (value) => grouped(value) }),
    series: [
      { name: "in flight", colour: "blue", value: (window) => window.inFlight },
      { name: "without a token", colour: "orange", value: (window) => window.waiting },
    ],
    awaiting: "Awaiting the first request",
  },
  {
    key: "failures", name: "Failures", text: count, whole: true,
    axis: () => ({ unit: "requests in the window", label: (value) => grouped(value) }),
    series: [
      { name: "failed", colour: "vermillion", area: true, value: (window) => window.failed },
      { name: "timeouts", colour: "orange", dashed: true, value: (window) => window.timeouts },
    ],
    awaiting: "Awaiting the first request",
  },
];

export class Charts {
  constructor() {
    this.charts = CHARTS.map((definition) => new LineChart(definition));
    byId("charts").append(...this.charts.map((chart) => chart.figure));
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", () => this.charts.forEach((chart) => chart.redraw()));
  }

  render(run, windows) {
    const points = windows.map((window) => ({ x: window.end - run.startedAt / 1000, window }));
    for (const chart of this.charts) chart.render(run, points);
  }
}

class LineChart {
  constructor(definition) {
    this.definition = definition;
    this.log = false;
    this.unit = element("span", { className: "scale" });
    this.values = definition.series.map(() => element("b", { text: UNKNOWN }));
    this.limit = element("li", { hidden: true });
    const items = definition.series.map((series, index) =>
      element("li", {}, [stroke(series.colour, series.dashed), element("span", { text: series.name }), this.values[index]]));
    this.plot = element("div", { className: "plot", id: `chart-${definition.key}`, role: "img" });
    this.awaiting = element("p", { className: "awaiting", text: definition.awaiting });
    this.figure = element("figure", {}, [
      element("figcaption", {}, [
        element("span", { className: "name", text: definition.name }, []),
        element("ul", { className: "legend" }, [...items, this.limit]),
      ]),
      element("div", { className: "plot" }, [this.plot, this.awaiting]),
    ]);
    this.figure.querySelector(".name").append(this.unit);
    new ResizeObserver(() => this.chart?.resize()).observe(this.plot);
  }

  render(run, points) {
    this.last = { run, points };
    const { series, text, name } = this.definition;
    const newest = points.at(-1)?.window;
    const now = (one) => (newest && isGoing(run) ? text(one.value(newest)) : "");
    series.forEach((one, index) => setText(this.values[index], now(one)));
    const hasValue = points.some(({ window }) => series.some((one) => one.value(window) !== null));
    this.awaiting.hidden = hasValue;
    this.showLimit(run);
    const said = series.map((one) => `${one.name} ${now(one)}`.trim()).join(", ");
    this.plot.setAttribute("aria-label", `${name} over the run: ${said}`);
    if (!this.chart) this.chart = echarts.init(this.plot, null, { renderer: "canvas" });
    this.chart.setOption(this.option(run, points), { replaceMerge: ["series"] });
  }

  redraw() {
    if (this.last) this.render(this.last.run, this.last.points);
  }

  showLimit(run) {
    const limit = this.definition.limit?.(run) ?? null;
    this.limit.hidden = limit === null;
    if (limit !== null && this.limit.title !== limit.text) {
      this.limit.title = limit.text;
      this.limit.replaceChildren(stroke("quiet", true), element("span", { text: limit.text }));
    }
  }

  option(run, points) {
    const { series, autoLog } = this.definition;
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const shown = points.flatMap(({ window }) => series.map((one) => one.value(window))).filter((value) => value !== null);
    const positive = shown.filter((value) => value > 0);
    const most = Math.max(0, ...shown);
    const least = Math.min(most, ...positive);
    this.log = Boolean(autoLog) && positive.length > 0 && most / least > (this.log ? 12 : 25);
    const limit = this.definition.limit?.(run) ?? null;
    const scale = this.definition.axis(most);
    setText(this.unit, this.log ? `${scale.unit}, log scale` : scale.unit);
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 44, right: 18, top: 10, bottom: 24, outerBoundsMode: "none" },
      xAxis: timeAxis(points, colour),
      yAxis: this.valueAxis(most, least, limit, scale, colour),
      tooltip: this.tooltip(points, colour),
      series: series.flatMap((one, index) => this.lines(one, points, index === 0 ? limit : null, colour)),
    };
  }

  valueAxis(most, least, limit, scale, colour) {
    const { top, whole } = this.definition;
    const near = limit !== null && limit.value <= 3 * most ? limit.value : 0;
    const reach = Math.max(most, near);
    const linear = { type: "value", min: 0, interval: top ? top / 4 : undefined, max: top ?? (reach > 0 ? reach * 1.08 : 1) };
    const range = this.log
      ? { type: "log", min: 10 ** Math.floor(Math.log10(least)), max: 10 ** Math.ceil(Math.log10(reach)) }
      : top ? linear : niceRange(linear, whole);
    return {
      ...range,
      splitNumber: 4,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { show: this.awaiting.hidden, color: colour("quiet"), fontSize: 12, formatter: scale.label, hideOverlap: true },
      splitLine: { lineStyle: { color: colour("faint") } },
    };
  }

  // A series as a solid line, and a dotted one where its values are too few for a percentile.
  lines(one, points, limit, colour) {
    const count = this.definition.values;
    const isRough = ({ window }) => Boolean(count) && (count(window) ?? FEW) < FEW;
    const rough = points.map(isRough);
    const solid = [];
    const dotted = [];
    points.forEach((point, index) => {
      const value = one.value(point.window);
      const place = [point.x, this.log && value === 0 ? null : value];
      const gap = [point.x, null];
      solid.push(rough[index] ? gap : place);
      dotted.push(rough[index] || rough[index - 1] || rough[index + 1] ? place : gap);
    });
    const line = (suffix, data, type) => ({
      id: one.name + suffix,
      name: one.name,
      type: "line",
      data: withLonelyPoints(data),
      showSymbol: true,
      symbol: "none",
      symbolSize: 5,
      silent: true,
      connectNulls: false,
      lineStyle: { width: 1.8, type },
      itemStyle: { color: colour(one.colour) },
      areaStyle: one.area && suffix === "" ? { opacity: 0.12 } : undefined,
    });
    const lines = [line("", solid, one.dashed ? [5, 4] : "solid")];
    if (count) lines.push(line("-rough", dotted, [1.5, 3]));
    if (limit !== null) lines[0].markLine = limitLine(limit, colour);
    return lines;
  }

  tooltip(points, colour) {
    const { series, text, values } = this.definition;
    return {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      backgroundColor: colour("panel"),
      borderColor: colour("line"),
      textStyle: { color: colour("ink"), fontSize: 12 },
      axisPointer: { lineStyle: { color: colour("quiet") }, label: { show: false } },
      formatter: (hits) => {
        const x = hits[0]?.value[0];
        const point = points.find((candidate) => candidate.x === x);
        if (!point) return "";
        const lines = series.map((one) => `${one.name}  ${text(one.value(point.window))}`);
        const number = values?.(point.window);
        if (number !== null && number !== undefined) lines.push(`from ${count(number)} values`);
        return [`at ${clock(x)}`, ...lines].join("\n");
      },
    };
  }
}

function durationAxis(most) {
  const unit = duration(most).unit || "ms";
  const divisor = unit === "s" ? 1000 : 1;
  return {
    unit,
    label: (millis) => {
      const value = millis / divisor;
      return value >= 1000 ? grouped(value) : String(Number(value.toPrecision(3)));
    },
  };
}

function timeAxis(points, colour) {
  const first = points[0]?.x ?? 0;
  const last = Math.max(points.at(-1)?.x ?? 0, first + SHORTEST_SPAN);
  const interval = TIME_STEPS.find((step) => (last - first) / step <= 6) ?? 7200;
  return {
    type: "value",
    min: Math.floor(first / interval) * interval,
    max: last,
    interval,
    axisLabel: { color: colour("quiet"), fontSize: 12, formatter: clock, showMaxLabel: (last % interval) === 0, hideOverlap: true },
    axisLine: { lineStyle: { color: colour("line") } },
    axisTick: { show: false },
    splitLine: { show: false },
  };
}

// Rounds the top of an axis to a multiple of a readable step, so that it does not move at every value.
function niceRange(range, whole) {
  const rough = range.max / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * size).find((candidate) => candidate >= rough);
  const interval = whole ? Math.max(1, Math.ceil(step)) : step;
  return { ...range, interval, max: Math.ceil(range.max / interval) * interval };
}

function limitLine(limit, colour) {
  return {
    silent: true,
    symbol: "none",
    animation: false,
    lineStyle: { color: colour("quiet"), type: [5, 4], width: 1.2 },
    label: { show: false },
    data: [{ yAxis: limit.value }],
  };
}

// A point between two gaps has no line; it is drawn as a ring.
function withLonelyPoints(data) {
  const isGap = (place) => !place || place[1] === null;
  return data.map((place, index) => {
    const isLonely = !isGap(place) && isGap(data[index - 1]) && isGap(data[index + 1]);
    return isLonely ? { value: place, symbol: "emptyCircle" } : place;
  });
}
