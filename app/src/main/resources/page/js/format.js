// Numbers and times as people read them. What is not known is a dash.

export const UNKNOWN = "–";
const NARROW_SPACE = "\u202f";

export function grouped(value, digits = 0) {
  const [whole, fraction] = Math.abs(value).toFixed(digits).split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
  return (value < 0 ? "−" : "") + spaced + (fraction ? `.${fraction}` : "");
}

function digitsFor(value) {
  const size = Math.abs(value);
  if (size >= 100 || size === 0) return 0;
  return size >= 10 ? 1 : 2;
}

// A duration in milliseconds as number and unit.
export function duration(millis) {
  if (millis === null || millis === undefined) return { number: UNKNOWN, unit: "" };
  if (millis >= 10000) return { number: grouped(millis / 1000, millis >= 100000 ? 0 : 1), unit: "s" };
  return { number: grouped(millis, digitsFor(millis)), unit: "ms" };
}

export function durationText(millis) {
  const { number, unit } = duration(millis);
  return unit ? `${number} ${unit}` : number;
}

// Rounded down, so that only all is 100 %.
export function share(value) {
  if (value === null || value === undefined) return { number: UNKNOWN, unit: "" };
  if (value === 1 || value === 0) return { number: String(value * 100), unit: "%" };
  return { number: (Math.floor(value * 1000) / 10).toFixed(1), unit: "%" };
}

export function shareText(value) {
  const { number, unit } = share(value);
  return unit ? `${number} ${unit}` : number;
}

// A share that a person chose, such as a target: without needless digits.
export function goalText(value) {
  return `${Number((value * 100).toFixed(2))} %`;
}

export function rate(value) {
  if (value === null || value === undefined) return { number: UNKNOWN, unit: "" };
  return { number: grouped(value, value < 10 ? 1 : 0), unit: "tok/s" };
}

export function count(value) {
  return value === null || value === undefined ? UNKNOWN : grouped(value);
}

// Seconds as 1:05 or 1:02:05.
export function clock(seconds) {
  const whole = Math.round(Math.abs(seconds));
  const two = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  return seconds < 0 && whole > 0 ? `−${text}` : text;
}

export function plural(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

export function significant(value) {
  if (value === null || value === undefined) return UNKNOWN;
  return Math.abs(value) >= 1000 ? grouped(value) : String(Number(value.toPrecision(3)));
}
