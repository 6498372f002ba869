// Ties the feed, the state and the views together; redraws at most once per frame.

import { Charts } from "./charts.js";
import { byId, element, setText } from "./dom.js";
import { Feed } from "./feed.js";
import { plural } from "./format.js";
import { RunList } from "./run-list.js";
import { RunView } from "./run-view.js";
import { isGoing, State } from "./state.js";

// Markup is never parsed, but for the empty one by which ECharts empties an element.
globalThis.trustedTypes?.createPolicy("default", { createHTML: (markup) => (markup === "" ? "" : null) });

const state = new State();
const list = new RunList(pick);
const view = new RunView();
let charts = null;
let frame = 0;
let connection = "connecting";

function pick(number) {
  state.picked = number;
  if (!wide.matches) byId("runs-panel").open = false;
  redraw();
}

function redraw() {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw() {
  frame = 0;
  const run = state.choose();
  header(run);
  list.render(state, run);
  byId("shown").hidden = !run;
  byId("empty").hidden = Boolean(run);
  if (!run) {
    empty();
    return;
  }
  if (run.number !== state.shownNumber) show(run.number, state.length);
  view.render(run, state);
  charts ??= new Charts();
  charts.render(run, state.windows);
}

function header(run) {
  const runs = [...state.runs.values()].filter((other) => other.experiment === run?.experiment);
  const finished = runs.filter((other) => !isGoing(other)).length;
  setText(byId("experiment"), run?.experiment ?? "");
  setText(byId("tally"), run ? `${finished} of ${plural(runs.length, "started run")} finished` : "");
  document.title = run ? `${run.experiment} · Kvasir` : "Kvasir";
  const follow = byId("follow");
  follow.hidden = !run;
  follow.setAttribute("aria-pressed", String(state.picked === null));
  setText(follow, state.picked === null ? "Following the newest run" : "Follow the newest run again");
  connected();
  byId("undecodable").hidden = state.source.undecodable === 0;
  setText(byId("undecodable"), `${plural(state.source.undecodable, "record")} could not be decoded and ${state.source.undecodable === 1 ? "is" : "are"} not shown here.`);
}

function connected() {
  const { reading, awaited } = state.source;
  const waits = connection === "live" && (!reading || awaited !== "");
  const words = { connecting: "connecting", lost: "connection lost", live: waits ? "waiting" : "live" };
  byId("connection").dataset.state = waits ? "connecting" : connection;
  setText(byId("connection"), words[connection]);
  byId("connection").title = waits ? `waiting for ${awaited}` : "";
}

function empty() {
  const text = byId("empty-text");
  if (!state.source.reading) {
    setText(byId("empty-title"), "Reading the log");
    setText(text, state.source.awaited ? `Waiting for ${state.source.awaited}.` : "The page asks its server for the runs.");
    return;
  }
  if (text.dataset.hint === "start") return;
  text.dataset.hint = "start";
  setText(byId("empty-title"), "No run yet");
  text.replaceChildren(
    "This page moves as soon as a run starts. For example: ",
    element("code", { text: "./kvasir run examples/quickstart.yaml" }));
}

// Shows a run at a window length: takes its past from the server, and its present from the feed.
async function show(number, length) {
  state.show(number, length);
  try {
    const answer = await fetch(`api/runs/${number}/windows/${length}`);
    if (!answer.ok) return;
    const { windows } = await answer.json();
    if (state.shownNumber === number && state.length === length) {
      state.takeHistory(windows);
      redraw();
    }
  } catch (failure) {
    console.info("the past of the run will come with the next connection", failure);
  }
}

const wide = matchMedia("(min-width: 62.01rem)");
byId("runs-panel").open = wide.matches;
wide.addEventListener("change", () => { byId("runs-panel").open = wide.matches; });

byId("follow").addEventListener("click", () => { state.picked = null; redraw(); });
for (const radio of document.querySelectorAll("input[name=length]")) {
  if (radio.checked) state.length = Number(radio.value);
  radio.addEventListener("change", () => { show(state.shownNumber, Number(radio.value)); redraw(); });
}
setInterval(redraw, 1000);

new Feed("events", {
  snapshot(snapshot) {
    connection = "live";
    byId("lost").hidden = true;
    state.takeSnapshot(snapshot);
    state.shownNumber = null;
    redraw();
  },
  update({ updates }) {
    state.takeUpdates(updates);
    redraw();
  },
  source(source) {
    state.takeSource(source);
    redraw();
  },
  lost(retryMillis) {
    connection = "lost";
    byId("lost").hidden = false;
    setText(byId("lost"), `The connection to Kvasir is lost; the numbers below stand still. Trying again every ${Math.ceil(retryMillis / 1000)} s.`);
    redraw();
  },
});
