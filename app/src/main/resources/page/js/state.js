// What the page knows: the runs, which of them is shown, and its windows of the chosen length.

const KEPT_WINDOWS = 900;

// A run that is silent for longer is not followed.
const DEAD_SECONDS = 120;

export class State {
  constructor() {
    this.runs = new Map();
    this.picked = null;
    this.length = 10;
    this.source = { reading: false, awaited: "", undecodable: 0 };
    this.clockOffset = 0;
    this.shownNumber = null;
    this.windows = [];
  }

  takeSource(source) {
    this.source = source;
    this.clockOffset = source.now - Date.now();
  }

  takeSnapshot({ source, runs }) {
    this.takeSource(source);
    this.runs = new Map();
    for (const { latest, ...run } of runs) {
      this.runs.set(run.number, { ...run, latest: new Map(latest.map((window) => [window.s, window])) });
    }
  }

  takeUpdates(updates) {
    for (const { run, windows } of updates) {
      const latest = this.runs.get(run.number)?.latest ?? new Map();
      this.runs.set(run.number, { ...run, latest });
      for (const window of windows) {
        const before = latest.get(window.s);
        if (!before || before.end <= window.end) latest.set(window.s, window);
        if (run.number === this.shownNumber && window.s === this.length && !isPastEnd(run, window)) {
          putWindow(this.windows, window, true);
        }
      }
    }
  }

  // Fills in the past of the shown run; what updates brought since is newer and stays.
  takeHistory(windows) {
    for (const window of windows) putWindow(this.windows, window, false);
  }

  // The run to show: the picked one, else the newest that is heard of, else the newest.
  choose() {
    const picked = this.picked === null ? undefined : this.runs.get(this.picked);
    if (picked) return picked;
    const rank = (run) => Number(isGoing(run) && this.silentSeconds(run) < DEAD_SECONDS);
    const runs = [...this.runs.values()];
    return runs.sort((left, right) => rank(right) - rank(left) || right.startedAt - left.startedAt)[0];
  }

  // How long ago the last window of a run ended, or the run began.
  silentSeconds(run) {
    const ends = [...run.latest.values()].map((window) => window.end);
    return this.now() / 1000 - Math.max(run.startedAt / 1000, ...ends);
  }

  // Begins to show a run at a window length; its past must then be fetched.
  show(number, length) {
    this.shownNumber = number;
    this.length = length;
    this.windows = [];
  }

  now() {
    return Date.now() + this.clockOffset;
  }
}

export function isGoing(run) {
  return run.verdict === null && run.state !== "finished";
}

// Measured requests that ended, of a run's newest whole-run window or its final counts.
export function finishedRequests(run) {
  if (run.outcomes) return Object.values(run.outcomes).reduce((sum, value) => sum + value, 0);
  const whole = run.latest.get(0);
  return whole ? whole.ok + whole.failed : 0;
}

// How far a run is, 0 to 1; null when nobody can say.
export function progress(run, now) {
  if (!isGoing(run)) return run.planned ? Math.min(1, finishedRequests(run) / run.planned) : 1;
  if (run.planned) return Math.min(1, finishedRequests(run) / run.planned);
  if (run.durationMs) return Math.min(1, Math.max(0, (now - run.startAt) / run.durationMs));
  return null;
}

function isPastEnd(run, window) {
  return run.finishedAt !== undefined && window.end - Math.max(1, window.s) >= run.finishedAt / 1000 + 1;
}

function putWindow(windows, window, replace) {
  let at = windows.length;
  while (at > 0 && windows[at - 1].end >= window.end) at--;
  if (windows[at]?.end === window.end) {
    if (replace) windows[at] = window;
    return;
  }
  windows.splice(at, 0, window);
  if (windows.length > KEPT_WINDOWS) windows.shift();
}
