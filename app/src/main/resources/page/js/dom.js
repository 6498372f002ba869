// Elements by their id, and new ones from text: no markup is ever parsed.

export function byId(id) {
  return document.getElementById(id);
}

export function element(name, properties = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "text") made.textContent = value;
    else if (key.includes("-")) made.setAttribute(key, value);
    else if (key === "tone") made.dataset.tone = value;
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

// Sets a text only when it differs, so that a selection and the layout stay as they are.
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

export function setTone(target, tone) {
  if (target.dataset.tone !== tone) target.dataset.tone = tone;
}

// A short line in a series' colour for a legend.
export function stroke(colour, dashed = false) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("width", "16");
  svg.setAttribute("height", "4");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "line");
  line.setAttribute("x2", "16");
  line.setAttribute("y1", "2");
  line.setAttribute("y2", "2");
  line.setAttribute("stroke-width", "2.5");
  if (dashed) line.setAttribute("stroke-dasharray", "4 3");
  line.setAttribute("class", `stroke-${colour}`);
  svg.append(line);
  return svg;
}
