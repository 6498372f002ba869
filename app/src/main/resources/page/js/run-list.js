// The list of runs, grouped by experiment and cell. Rows stay in place while their content changes.

import { byId, element, setText, setTone } from "./dom.js";
import { isGoing, progress } from "./state.js";
import { status } from "./run-view.js";
import { plural } from "./format.js";

export class RunList {
  constructor(pick) {
    this.pick = pick;
    this.rows = new Map();
    this.shape = null;
  }

  render(state, shown) {
    const runs = [...state.runs.values()];
    const going = runs.filter(isGoing).length;
    setText(byId("run-count"), runs.length === 0 ? "" : going === 0 ? `${runs.length}` : `${runs.length}, ${going} going on`);
    const shape = runs.map((run) => `${run.number} ${run.experiment} ${run.cell} ${run.repeat}`).join("\n");
    if (shape !== this.shape) {
      this.shape = shape;
      this.build(runs);
    }
    for (const run of runs) this.fill(this.rows.get(run.number), run, run === shown, state.now());
  }

  build(runs) {
    const list = byId("run-list");
    const focused = document.activeElement?.dataset?.run;
    this.rows.clear();
    if (runs.length === 0) {
      list.replaceChildren(element("p", { className: "quiet", text: "None has started yet." }));
      return;
    }
    list.replaceChildren(...groups(runs, "experiment", newestFirst).map(([name, members]) => this.experiment(name, members)));
    if (focused) this.rows.get(focused)?.button.focus();
  }

  experiment(name, runs) {
    const cells = groups(runs, "cell", oldestFirst).map(([cell, members]) => this.cell(cell, members));
    return element("section", { className: "experiment-group" }, [element("h3", { text: name }), ...cells]);
  }

  cell(name, runs) {
    const ordered = [...runs].sort((left, right) => left.repeat - right.repeat || left.startedAt - right.startedAt);
    const items = ordered.map((run) => element("li", {}, [this.row(run)]));
    return element("section", { className: "cell" }, [element("h4", { text: name }), element("ul", {}, items)]);
  }

  row(run) {
    const name = element("span", { className: "name", text: `r${run.repeat}` });
    const bar = element("progress", { max: 1, "aria-label": "Requests finished" });
    const badge = element("span", { className: "badge" });
    const button = element("button", { className: "run-row", type: "button", title: run.id }, [name, bar, badge]);
    button.dataset.run = run.number;
    button.addEventListener("click", () => this.pick(run.number));
    this.rows.set(run.number, { button, name, bar, badge });
    return button;
  }

  fill(row, run, isShown, now) {
    const { text, tone } = status(run);
    const raised = run.alerts.filter((alert) => alert.clearedAt === null).length;
    setText(row.badge, raised > 0 && isGoing(run) ? plural(raised, "alert") : text);
    setTone(row.badge, raised > 0 && isGoing(run) ? "bad" : tone);
    setTone(row.bar, isGoing(run) ? "going" : tone === "good" ? "good" : "plain");
    const far = progress(run, now);
    if (far === null) row.bar.removeAttribute("value");
    else row.bar.value = far;
    if (isShown) row.button.setAttribute("aria-current", "true");
    else row.button.removeAttribute("aria-current");
  }
}

function groups(runs, key, compare) {
  const found = new Map();
  for (const run of runs) {
    if (!found.has(run[key])) found.set(run[key], []);
    found.get(run[key]).push(run);
  }
  return [...found].sort(([, left], [, right]) => compare(left, right));
}

function oldestFirst(left, right) {
  return Math.min(...left.map((run) => run.startedAt)) - Math.min(...right.map((run) => run.startedAt));
}

function newestFirst(left, right) {
  return Math.max(...right.map((run) => run.startedAt)) - Math.max(...left.map((run) => run.startedAt));
}
