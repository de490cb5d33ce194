// The page's half of canvas.py: ink appears at once, and the strokes go to Python 12 times a second and at their ends.

const SIDE = 280; // pixels of the page
const WAIT = 80; // milliseconds between two messages while a stroke is drawn
const STEP = 0.02; // of the side, for one press of an arrow key
const INK = "#333333", BLUE = "#0072B2";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LABEL = "Field to draw a digit on, with mouse, pen or finger. By keyboard: the arrow keys move the pen, " +
  "with Shift in long steps; Space puts it down or lifts it.";

const clip = (value) => Math.min(1, Math.max(0, Math.round(value * 1e4) / 1e4));

function build() {
  const box = document.createElement("div");
  const line = (text, size, height) => {
    const node = document.createElement("div");
    node.textContent = text;
    node.style.cssText = `font-size: ${size}px; line-height: ${height}px; color: var(--jp-content-font-color1, ${INK})`;
    return node;
  };
  const frame = document.createElement("div");
  frame.style.cssText = `width: ${SIDE}px; height: ${SIDE}px; border: 1px solid ${INK}; background: white`;
  const canvas = document.createElement("canvas");
  canvas.style.cssText =
    `display: block; width: ${SIDE}px; height: ${SIDE}px; touch-action: none; user-select: none; cursor: crosshair`;
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", LABEL);
  canvas.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's own, on the same keys
  frame.append(canvas);
  box.append(line("Draw a digit here", 15, 26), frame, line("Keys: arrows move, Space inks or lifts.", 12, 20));
  return [box, canvas];
}

function render({ model, el }) {
  const [box, canvas] = build();
  el.append(box);
  let strokes = model.get("strokes");
  let stroke = null; // the one being drawn
  let pointer = null, keyboard = false; // what holds the pen
  let place = [0.5, 0.5]; // of the keyboard's pen
  let timer = null;

  function paint() {
    const sharp = Math.round(SIDE * (window.devicePixelRatio || 1));
    if (canvas.width !== sharp) canvas.width = canvas.height = sharp;
    const ink = canvas.getContext("2d");
    ink.setTransform(sharp, 0, 0, sharp, 0, 0);
    ink.clearRect(0, 0, 1, 1);
    ink.lineCap = ink.lineJoin = "round";
    ink.strokeStyle = "black";
    ink.lineWidth = model.get("pen") / SIDE;
    for (const points of stroke ? [...strokes, stroke] : strokes) {
      ink.beginPath();
      ink.moveTo(...points[0]);
      for (const point of points) ink.lineTo(...point);
      ink.stroke();
    }
    if (!keyboard) return;
    ink.beginPath(); // a ring shows where the pen is, full while it is down
    ink.arc(...place, 0.025, 0, 2 * Math.PI);
    ink.strokeStyle = BLUE;
    ink.lineWidth = 2 / SIDE;
    if (stroke) {
      ink.fillStyle = BLUE;
      ink.fill();
    }
    ink.stroke();
  }

  function send() {
    clearTimeout(timer);
    timer = null;
    const drawn = stroke ? [...strokes, stroke.slice()] : strokes.slice();
    model.set("strokes", drawn);
    model.save_changes();
  }

  function add(point) {
    stroke ??= [];
    const last = stroke.at(-1);
    if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < 1 / SIDE) return;
    stroke.push(point);
    timer ??= setTimeout(send, WAIT);
  }

  function lift() {
    if (!stroke) return;
    strokes = [...strokes, stroke];
    stroke = null;
    send();
  }

  function follow(event) {
    const frame = canvas.getBoundingClientRect();
    const x = (event.clientX - frame.left) / frame.width, y = (event.clientY - frame.top) / frame.height;
    const outside = x < 0 || x > 1 || y < 0 || y > 1;
    if (!outside || stroke) add([clip(x), clip(y)]);
    if (outside) lift();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || pointer !== null) return;
    event.preventDefault(); // neither selects text nor scrolls
    canvas.focus({ preventScroll: true });
    lift();
    pointer = event.pointerId;
    keyboard = false;
    canvas.setPointerCapture(pointer);
    follow(event);
    paint();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const each of between.length ? between : [event]) follow(each);
    paint();
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== pointer) return;
      pointer = null;
      lift();
      paint();
    });
  }
  canvas.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (pointer !== null || event.ctrlKey || event.metaKey || event.altKey || (!arrow && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    keyboard = true;
    if (arrow) {
      place = place.map((value, i) => clip(value + arrow[i] * STEP * (event.shiftKey ? 5 : 1)));
      if (stroke) add(place);
    } else if (stroke) lift();
    else add(place);
    paint();
  });
  canvas.addEventListener("blur", () => {
    if (pointer === null) lift();
    keyboard = false;
    paint();
  });

  function hear() {
    if (stroke && model.get("strokes").length > 0) return; // our own message, or another view's
    stroke = null;
    strokes = model.get("strokes");
    paint();
  }
  model.on("change:strokes", hear);
  model.on("change:pen", paint);
  paint();
  return () => {
    clearTimeout(timer);
    model.off("change:strokes", hear);
    model.off("change:pen", paint);
  };
}

export default { render };
