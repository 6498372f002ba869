// The shown run in words and numbers: its head, its verdict, the tiles and the alerts.

import { byId, element, setText, setTone } from "./dom.js";
import { clock, count, duration, durationText, goalText, plural, rate, share, significant, UNKNOWN } from "./format.js";
import { finishedRequests, isGoing, progress } from "./state.js";

const FEW = 100;
const SILENT_SECONDS = 10;
const SILENT_SECONDS_UNMEASURED = 120;

const VERDICTS = {
  "valid": ["good", "Its numbers can be used as they are."],
  "overloaded": ["warn", "The server could not keep up with the load. That is a result: it is drawn and counted."],
  "server-failed": ["bad", "The server did not start, crashed or ran out of memory. That is a result too."],
  "client-limited": ["warn", "The load generator, not the server, limited what was measured."],
  "lossy": ["bad", "Events were lost; the counts say how many."],
  "contaminated": ["warn", "A cold run met prefixes that the server had seen before."],
  "implausible": ["bad", "The numbers cannot be those of a language model."],
  "aborted": ["warn", "It was stopped before its end; what it had measured is kept."],
  "retracted": ["bad", "It was withdrawn."],
};

const STATES = { "starting": "starting", "warm-up": "warming up", "measuring": "running", "cool-down": "cooling down" };

// A run's state or verdict as a word and a tone.
export function status(run) {
  if (run.verdict !== null) return { text: run.verdict, tone: VERDICTS[run.verdict]?.[0] ?? "warn" };
  return { text: STATES[run.state] ?? run.state, tone: "going" };
}

// The window length that the tiles are taken from: a finished run is summed up as a whole.
export function tileLength(run, length) {
  return isGoing(run) ? length : 0;
}

const TILES = [
  { key: "ttft-p99", label: "TTFT p99", fill: (run, window) => latencyTile(window?.ttft, run.ttftSloMs) },
  { key: "itl-p99", label: "ITL p99", fill: (run, window) => latencyTile(window?.itl, null) },
  { key: "attainment", label: "SLO attainment", fill: attainmentTile },
  { key: "tokens", label: "Output tokens", fill: (run, window) => ({ ...rate(window?.tokensPerSecond), aside: "" }) },
  { key: "in-flight", label: "In flight", fill: inFlightTile },
  { key: "failures", label: "Failures", fill: failuresTile },
  { key: "oldest-wait", label: "Oldest wait", fill: oldestWaitTile },
];

function latencyTile(latency, slo) {
  if (!latency) return { number: UNKNOWN, unit: "", aside: "no value yet" };
  const { number, unit } = duration(latency.p99);
  const limit = slo === null ? "" : `SLO ${durationText(slo)}`;
  return {
    number: latency.n < FEW ? `≈\u2009${number}` : number,
    unit,
    aside: latency.n < FEW ? `from ${plural(latency.n, "value")} only` : limit,
  };
}

function attainmentTile(run, window) {
  const aside = run.target === null ? "" : `target ${goalText(run.target)}`;
  const value = window?.attainment ?? null;
  const missed = value !== null && run.target !== null && value < run.target;
  return { ...share(value), aside: value === null ? "none has ended" : aside, tone: missed ? "bad" : "" };
}

function inFlightTile(run, window) {
  if (!isGoing(run)) return { number: UNKNOWN, unit: "", aside: "the run is over" };
  if (!window) return { number: UNKNOWN, unit: "", aside: "" };
  return { number: count(window.inFlight), unit: "req", aside: `${count(window.waiting)} without a token` };
}

function failuresTile(run, window) {
  if (run.outcomes) {
    const total = finishedRequests(run);
    const failed = total - (run.outcomes.OK ?? 0);
    return { number: count(failed), unit: "req", aside: `of ${count(total)}`, tone: failed > 0 ? "bad" : "" };
  }
  if (!window) return { number: UNKNOWN, unit: "", aside: "" };
  const aside = window.timeouts > 0 ? `of them ${plural(window.timeouts, "timeout")}` : `of ${count(window.ok + window.failed)} ended`;
  return { number: count(window.failed), unit: "req", aside, tone: window.failed > 0 ? "bad" : "" };
}

function oldestWaitTile(run, window) {
  if (!isGoing(run)) return { number: UNKNOWN, unit: "", aside: "the run is over" };
  if (!window || window.oldestWaitMs === null) return { number: UNKNOWN, unit: "", aside: window ? "nothing waits" : "" };
  const aside = window.breached > 0 ? `${count(window.breached)} past the SLO` : "for a first token";
  return { ...duration(window.oldestWaitMs), aside, tone: window.breached > 0 ? "bad" : "" };
}

export class RunView {
  constructor() {
    this.tiles = new Map();
    for (const { key, label } of TILES) {
      const number = element("span", { className: "number", text: UNKNOWN });
      const unit = element("span", { className: "unit" });
      const aside = element("span", { className: "aside" });
      const value = element("span", { className: "value" }, [number, unit]);
      const tile = element("div", { className: "tile", id: `tile-${key}` }, [
        element("dt", { text: label }),
        element("dd", {}, [value, element("div", {}, [aside])]),
      ]);
      this.tiles.set(key, { tile, number, unit, aside });
      byId("tiles").append(tile);
    }
  }

  render(run, state) {
    this.head(run, state.now());
    this.note(run, state);
    const length = tileLength(run, state.length);
    const window = run.latest.get(length) ?? null;
    setText(byId("values-from"), valuesFrom(run, window, length));
    for (const { key, fill } of TILES) this.fill(this.tiles.get(key), fill(run, window));
    this.alerts(run);
  }

  head(run, now) {
    setText(byId("run-title"), `${run.strategy} · ${run.loadPoint}`);
    const { text, tone } = status(run);
    setText(byId("run-state"), text);
    setTone(byId("run-state"), tone);
    const pass = run.passes > 1 && run.pass > 0 ? `pass ${run.pass} of ${run.passes}` : "";
    setText(byId("run-facts"), [`repeat ${run.repeat}`, run.model, pass, run.id].filter(Boolean).join(" · "));
    const far = progress(run, now);
    const bar = byId("run-progress");
    if (far === null) bar.removeAttribute("value");
    else bar.value = far;
    setTone(bar, isGoing(run) ? "going" : status(run).tone === "good" ? "good" : "plain");
    setText(byId("run-progress-text"), course(run, now));
  }

  note(run, state) {
    const note = byId("note");
    const silence = isGoing(run) ? state.silentSeconds(run) : 0;
    const patience = run.state === "measuring" ? SILENT_SECONDS : SILENT_SECONDS_UNMEASURED;
    note.hidden = run.verdict === null && silence < patience;
    if (note.hidden) return;
    if (run.verdict === null) {
      setTone(note, "warn");
      setText(byId("note-title"), `Nothing heard for ${clock(silence)}`);
      setText(byId("note-text"), "No new window has come for this run. If its generator has died, the next start closes the run as aborted.");
      byId("note-reasons").replaceChildren();
      return;
    }
    const [tone, meaning] = VERDICTS[run.verdict] ?? ["warn", ""];
    setTone(note, tone);
    setText(byId("note-title"), `Finished: ${run.verdict}`);
    setText(byId("note-text"), meaning);
    const reasons = [run.retraction, ...(run.reasons ?? [])].filter(Boolean);
    byId("note-reasons").replaceChildren(...reasons.map((reason) => element("li", { text: reason })));
  }

  fill(row, { number, unit, aside, tone = "" }) {
    setText(row.number, number);
    setText(row.unit, unit);
    setText(row.aside, aside);
    setTone(row.tile, tone);
  }

  alerts(run) {
    const none = byId("alerts-none");
    none.hidden = run.alerts.length > 0;
    setText(none, isGoing(run) ? "None so far." : "None was raised.");
    const newestFirst = [...run.alerts].reverse();
    byId("alert-list").replaceChildren(...newestFirst.map((alert) => alertItem(alert, run)));
  }
}

function alertItem(alert, run) {
  const at = (millis) => clock((millis - run.startedAt) / 1000);
  const cleared = alert.clearedAt !== null;
  const when = cleared ? `${at(alert.raisedAt)} to ${at(alert.clearedAt)}` : `since ${at(alert.raisedAt)}`;
  const values = `${alert.metric} was ${significant(alert.value)}, limit ${significant(alert.threshold)}`;
  return element("li", {}, [
    element("span", { className: "badge", tone: cleared ? "" : "bad", text: cleared ? "cleared" : "raised" }),
    element("span", { className: "what", text: alert.rule }),
    element("span", { className: "quiet", text: `${values} · ${when}` }),
  ]);
}

function course(run, now) {
  const end = run.finishedAt ?? now;
  const elapsed = clock(Math.max(0, (end - run.startedAt) / 1000));
  const done = finishedRequests(run);
  const requests = run.planned ? `${count(done)} of ${plural(run.planned, "request")}` : plural(done, "request");
  const limit = !run.planned && run.durationMs ? ` of ${clock(run.durationMs / 1000)}` : "";
  return `${requests} · ${elapsed}${limit}`;
}

function valuesFrom(run, window, length) {
  if (!window) return isGoing(run) ? "No window has been measured yet." : "The page keeps no window of this run; its numbers are in the warehouse.";
  const from = Math.max(0, window.end - run.startedAt / 1000 - length);
  const until = Math.max(0, window.end - run.startedAt / 1000);
  if (length === 0) return isGoing(run) ? `Values: the run up to ${clock(until)}` : "Values: the whole run";
  return `Values: ${clock(from)} to ${clock(until)}`;
}
