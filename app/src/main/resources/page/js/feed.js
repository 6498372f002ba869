// The stream of events from the page's server, reopened when it is lost or silent.

const SILENT_MILLIS = 15000;
const RETRY_MILLIS = [500, 1000, 2000, 4000];

export class Feed {
  constructor(address, listeners) {
    this.address = address;
    this.listeners = listeners;
    this.failures = 0;
    this.heardAt = performance.now();
    setInterval(() => this.checkSilence(), 1000);
    this.open();
  }

  open() {
    this.stream = new EventSource(this.address);
    for (const name of ["snapshot", "update", "source"]) {
      this.stream.addEventListener(name, (event) => this.heard(name, JSON.parse(event.data)));
    }
    this.stream.onerror = () => this.lose();
  }

  heard(name, data) {
    this.heardAt = performance.now();
    this.failures = 0;
    this.listeners[name](data);
  }

  checkSilence() {
    if (this.stream && performance.now() - this.heardAt > SILENT_MILLIS) this.lose();
  }

  lose() {
    if (!this.stream) return;
    this.stream.close();
    this.stream = null;
    const wait = RETRY_MILLIS[Math.min(this.failures++, RETRY_MILLIS.length - 1)];
    this.listeners.lost(wait);
    setTimeout(() => {
      this.heardAt = performance.now();
      this.open();
    }, wait);
  }
}
