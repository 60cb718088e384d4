"use strict";
(() => {
  const $ = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const SVG = "http://www.w3.org/2000/svg";
  const element = (name, attributes = {}, text = "") => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  };
  document.documentElement.classList.add("live");

  // ── light and dark ────────────────────────────────────────────────────────────────────────────────────────────────
  const root = document.documentElement;
  const theme = $("#theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const showTheme = () => theme.setAttribute("aria-pressed", String(isDark()));
  try {
    const kept = localStorage.getItem("pgready-theme");
    if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  } catch { /* a page of a file may keep nothing */ }
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("pgready-theme", root.dataset.theme); } catch { /* as above */ }
    showTheme();
  });
  system.addEventListener("change", showTheme);
  showTheme();

  // ── switches ──────────────────────────────────────────────────────────────────────────────────────────────────────
  const off = new Set();
  for (const chip of all(".chip")) {
    chip.addEventListener("click", () => {
      const shown = chip.getAttribute("aria-pressed") !== "true";
      chip.setAttribute("aria-pressed", String(shown));
      shown ? off.delete(chip.dataset.weight) : off.add(chip.dataset.weight);
      for (const finding of all(".finding")) finding.hidden = off.has(finding.dataset.weight);
      for (const one of all(".difference")) one.hidden = !$(".finding:not([hidden])", one);
    });
  }
  const slowest = $("#slowest");
  if (slowest) {
    const list = $(".timeline");
    const lines = all("li", list);
    slowest.addEventListener("click", () => {
      const sorted = slowest.getAttribute("aria-pressed") !== "true";
      slowest.setAttribute("aria-pressed", String(sorted));
      list.classList.toggle("sorted", sorted);
      const order = sorted ? [...lines].sort((a, b) => b.dataset.seconds - a.dataset.seconds) : lines;
      list.append(...order);
      list.scrollTop = 0;
    });
  }
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details:not([open])");
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of opened) one.open = false; });

  // ── the diagram ───────────────────────────────────────────────────────────────────────────────────────────────────
  const canvas = $("#canvas");
  const diagram = canvas && (() => {
    const drawings = all("svg", canvas);
    const panel = $("#panel");
    const back = $("#back");
    const larger = $("#larger");
    const section = $("#diagram");
    const LEGIBLE = 0.62;
    let ego = null;
    let focused = null;
    let chosen = drawings.find((one) => !one.hasAttribute("hidden"));
    const current = () => ego || chosen;
    const boxOf = new Map();
    const place = (node) => {
      if (!boxOf.has(node)) {
        const [x, y] = node.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
        const rect = $(".box", node);
        boxOf.set(node, { x, y, width: +rect.getAttribute("width"), height: +rect.getAttribute("height") });
      }
      return boxOf.get(node);
    };
    const tables = (svg) => all("g.table", svg);
    const firstOf = (svg) => tables(svg).reduce((best, one) => {
      const here = place(one), there = place(best);
      return here.x + here.y * 2 < there.x + there.y * 2 ? one : best;
    });
    const nodeOf = (svg, id) => $(`g.table[data-table="${id}"]`, svg);

    // The view is the part of the drawing that is seen; a unit of it is `scale` pixels.
    const views = new Map();
    const size = () => ({ width: canvas.clientWidth || 1, height: canvas.clientHeight || 1 });
    const show = (svg, view) => {
      views.set(svg, view);
      const { width, height } = size();
      svg.setAttribute("viewBox", `${view.x} ${view.y} ${width / view.scale} ${height / view.scale}`);
    };
    const fit = (svg, least = 0) => {
      const { width, height } = size();
      const wide = +svg.dataset.width, high = +svg.dataset.height;
      const whole = Math.min(width / (wide + 24), height / (high + 24), 1.25);
      const scale = Math.max(whole, least);
      const centre = (own, room) => (own * scale <= room ? (own - room / scale) / 2 : -12);
      show(svg, { x: centre(wide, width), y: centre(high, height), scale });
    };
    const zoom = (factor, at) => {
      const svg = current(), view = views.get(svg), { width, height } = size();
      const point = at || { x: width / 2, y: height / 2 };
      const scale = Math.min(3, Math.max(0.08, view.scale * factor));
      show(svg, { x: view.x + point.x / view.scale - point.x / scale, y: view.y + point.y / view.scale - point.y / scale, scale });
    };
    const reveal = (svg, node) => {
      const view = views.get(svg), box = place(node), { width, height } = size();
      const wide = width / view.scale, high = height / view.scale, edge = 20;
      let { x, y } = view;
      if (box.x < x + edge || box.width + 2 * edge > wide) x = box.x - edge;
      else if (box.x + box.width > x + wide - edge) x = box.x + box.width - wide + edge;
      if (box.y < y + edge || box.height + 2 * edge > high) y = box.y - edge;
      else if (box.y + box.height > y + high - edge) y = box.y + box.height - high + edge;
      show(svg, { ...view, x, y });
    };

    // One table of a drawing is reached by Tab; arrows go from there.
    const rove = (svg, node, { focus = false } = {}) => {
      for (const one of tables(svg)) one.setAttribute("tabindex", one === node ? "0" : "-1");
      if (focus && node) {
        reveal(svg, node);
        node.focus({ preventScroll: true });
      }
    };
    const lightUp = (svg, id) => {
      for (const one of all(".near", svg)) one.classList.remove("near");
      if (id === null) return;
      const near = new Set([id]);
      for (const edge of all("g.edge", svg)) {
        if (edge.dataset.from !== id && edge.dataset.to !== id) continue;
        edge.classList.add("near");
        near.add(edge.dataset.from).add(edge.dataset.to);
      }
      for (const node of tables(svg)) if (near.has(node.dataset.table)) node.classList.add("near");
    };
    const toward = (node, key) => {
      const from = place(node);
      const middle = (box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
      const start = middle(from), flat = key === "ArrowLeft" || key === "ArrowRight";
      const sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
      let best = null, least = Infinity;
      for (const other of tables(node.ownerSVGElement)) {
        if (other === node) continue;
        const end = middle(place(other));
        const along = (flat ? end.x - start.x : end.y - start.y) * sign;
        const across = Math.abs(flat ? end.y - start.y : end.x - start.x);
        if (along < 8) continue;
        const cost = along + across * (flat ? 3 : 5);
        if (cost < least) [best, least] = [other, cost];
      }
      return best;
    };

    // Focus: a drawing of one table, what it refers to on its left, what refers to it on its right.
    const relations = (id) => {
      const out = new Set(), into = new Set();
      for (const edge of all("g.edge", drawings[0])) {
        const { from, to } = edge.dataset;
        if (from === to) continue;
        if (from === id) out.add(to);
        if (to === id) into.add(from);
      }
      return { out, into };
    };
    const copyOf = (id, detail, prefix) => {
      const copy = nodeOf(drawings.find((one) => one.dataset.detail === detail), id).cloneNode(true);
      copy.id = `${prefix}-${id}`;
      copy.classList.remove("near");
      return copy;
    };
    const stack = (ids, x, high, below) => {
      const nodes = ids.map((id) => copyOf(id, "keys", "focus"));
      const boxes = nodes.map((node) => place(node));
      const whole = boxes.reduce((sum, box) => sum + box.height + 16, -16);
      let y = Math.max(below, (high - whole) / 2);
      nodes.forEach((node, at) => {
        boxes[at] = { ...boxes[at], x: x(boxes[at]), y };
        boxOf.set(node, boxes[at]);
        node.setAttribute("transform", `translate(${boxes[at].x} ${y})`);
        y += boxes[at].height + 16;
      });
      return { nodes, boxes, end: y };
    };
    const draw = (id) => {
      const svg = element("svg", { class: "erd", role: "group", "aria-label": "A table with its neighbours" });
      const { out, into } = relations(id);
      const centre = copyOf(id, "columns", "focus");
      centre.classList.add("centre");
      const own = { ...place(centre) };
      const keysOf = (other) => place(nodeOf(drawings.find((drawing) => drawing.dataset.detail === "keys"), other));
      const widest = (ids) => Math.max(0, ...ids.map((other) => keysOf(other).width));
      const heightOf = (other) => keysOf(other).height;
      const order = all("g.row", centre).map((row) => row.dataset.column);
      const first = (other) => order.indexOf($(`g.edge[data-from="${id}"][data-to="${other}"]`, drawings[0]).dataset.column);
      const lefts = [...out].sort((a, b) => first(a) - first(b)), rights = [...into];
      const narrow = size().width < 640;
      const room = 110, left = lefts.length ? widest(lefts) : 0;
      const start = narrow ? lefts.reduce((sum, other) => sum + heightOf(other) + 16, 34 + (lefts.length ? 24 : 0)) : 34;
      own.x = left && !narrow ? left + room : 0;
      own.y = start;
      centre.setAttribute("transform", `translate(${own.x} ${own.y})`);
      boxOf.set(centre, own);
      const high = narrow ? 0 : own.height + 68;
      const beside = own.x + own.width + room, below = own.y + own.height + 56;
      const one = stack(lefts, (box) => (narrow ? 0 : left - box.width), high, 34);
      const other = stack(rights, () => (narrow ? 0 : beside), high, narrow ? below : 34);
      const curves = element("g");
      const curve = (from, to, mark) => {
        // On a narrow screen everything stands below each other, and a line goes around on one side.
        const side = from.x <= 0 ? -1 : 1;
        const bend = narrow ? 46 * side : Math.abs(to.x - from.x) / 2;
        const [outward, inward] = narrow ? [side, side] : [1, -1];
        const group = element("g", { class: mark.getAttribute("class").replace("near", "") });
        group.append(element("title", {}, $("title", mark).textContent),
          element("path", { class: "line", d: `M${from.x} ${from.y}C${from.x + bend} ${from.y} ${to.x + (narrow ? bend : -bend)} ${to.y} ${to.x} ${to.y}` }),
          element("path", { class: "end", d: `M${to.x} ${to.y - 4}L${to.x + 8 * inward} ${to.y}L${to.x} ${to.y + 4}M${from.x + 5 * outward} ${from.y - 4}v8` }));
        curves.append(group);
      };
      const rowY = (node, box, column) => {
        const row = all("g.row", node).find((found) => found.dataset.column === column);
        return box.y + (row ? +$(".column", row).getAttribute("y") - 3.5 : 15);
      };
      const rightOf = (box) => box.x + box.width;
      for (const edge of all("g.edge", drawings[0])) {
        const { from, to, column } = edge.dataset;
        if (from === to) continue;
        if (from === id) {
          const box = one.boxes[lefts.indexOf(to)], y = box.y + 15;
          curve({ x: narrow ? box.x : rightOf(box), y }, { x: own.x, y: rowY(centre, own, column) }, edge);
        } else if (to === id) {
          const at = rights.indexOf(from), box = other.boxes[at];
          const end = narrow ? rightOf(box) : box.x;
          curve({ x: rightOf(own), y: own.y + 15 }, { x: end, y: rowY(other.nodes[at], box, column) }, edge);
        }
      }
      svg.append(curves, ...one.nodes, centre, ...other.nodes);
      const word = (text, x, anchor, y = 16) => svg.append(element("text", { class: "ego-word", x, y, "text-anchor": anchor }, text));
      if (lefts.length) word("refers to", narrow ? 0 : left, narrow ? "start" : "end");
      if (rights.length) word("is referred to by", narrow ? 0 : beside, "start", narrow ? below - 12 : 16);
      const widths = [rightOf(own), ...one.boxes.map(rightOf), ...other.boxes.map(rightOf)];
      svg.dataset.width = Math.max(...widths) + (narrow ? 24 : 0);
      svg.dataset.height = Math.max(high, own.y + own.height + 16, one.end, other.end);
      return svg;
    };
    const fillPanel = (id) => {
      panel.replaceChildren();
      const entry = $(`#table-${id}`);
      panel.hidden = !entry;
      if (!entry) return;
      const title = document.createElement("h3");
      title.className = "mono";
      title.textContent = entry.dataset.find;
      panel.append(title);
      for (const part of [...entry.children].slice(1)) panel.append(part.cloneNode(true));
      panel.scrollTop = 0;
    };
    const focusOn = (id, { keyboard = false } = {}) => {
      if (ego) ego.remove();
      focused = id;
      fillPanel(id);
      chosen.toggleAttribute("hidden", true);
      ego = draw(id);
      canvas.append(ego);
      back.hidden = false;
      fit(ego, LEGIBLE);
      const centre = nodeOf(ego, id);
      const { width, height } = size(), box = place(centre), view = views.get(ego);
      const wide = +ego.dataset.width * view.scale > width, high = +ego.dataset.height * view.scale > height;
      show(ego, {
        ...view,
        x: wide ? Math.min(box.x - 40, box.x + (box.width - width / view.scale) / 2) : view.x,
        y: high ? Math.max(-12, box.y - 90) : view.y,
      });
      rove(ego, centre);
      if (keyboard) centre.focus({ preventScroll: true });
      history.replaceState(null, "", `#table-${id}`);
    };
    const leave = ({ keyboard = false } = {}) => {
      if (!ego) return false;
      const id = focused;
      ego.remove();
      ego = focused = null;
      panel.hidden = back.hidden = true;
      chosen.toggleAttribute("hidden", false);
      if (!views.has(chosen)) fit(chosen, LEGIBLE);
      else show(chosen, views.get(chosen));
      const node = nodeOf(chosen, id);
      lightUp(chosen, id);
      rove(chosen, node, { focus: keyboard });
      history.replaceState(null, "", "#diagram");
      return true;
    };
    const choose = (detail) => {
      if (ego) leave();
      const middle = $('g.table[tabindex="0"]', chosen);
      chosen.toggleAttribute("hidden", true);
      chosen = drawings.find((one) => one.dataset.detail === detail);
      chosen.toggleAttribute("hidden", false);
      for (const button of all("[data-detail]", $(".tools", section))) {
        if (button.tagName === "BUTTON") button.setAttribute("aria-pressed", String(button.dataset.detail === detail));
      }
      if (!views.has(chosen)) fit(chosen, LEGIBLE);
      const node = (middle && nodeOf(chosen, middle.dataset.table)) || firstOf(chosen);
      rove(chosen, node);
    };

    section.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.detail) choose(button.dataset.detail);
      else if (button.dataset.zoom === "in") zoom(1.3);
      else if (button.dataset.zoom === "out") zoom(1 / 1.3);
      else if (button.dataset.zoom === "fit") fit(current());
      else if (button === back) leave({ keyboard: true });
      else if (button === larger) enlarge(!section.classList.contains("large"));
    });
    const enlarge = (on) => {
      section.classList.toggle("large", on);
      larger.setAttribute("aria-pressed", String(on));
      document.body.style.overflow = on ? "hidden" : "";
      fit(current(), ego ? LEGIBLE : 0);
    };

    // Fingers and mice: one moves, two zoom; a press that does not move is a click on a table.
    const fingers = new Map();
    let moved = 0;
    const where = (event) => {
      const rect = canvas.getBoundingClientRect();
      return { x: event.clientX - rect.left, y: event.clientY - rect.top };
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      fingers.set(event.pointerId, where(event));
      if (fingers.size === 1) moved = 0;
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = where(event);
      moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
      if (moved > 6 && !canvas.hasPointerCapture(event.pointerId)) {
        canvas.setPointerCapture(event.pointerId);
        canvas.classList.add("moving");
      }
      if (fingers.size === 2) {
        const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
        const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
        zoom(apart(now) / apart(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      } else if (moved > 6) {
        const svg = current(), view = views.get(svg);
        show(svg, { ...view, x: view.x - (now.x - before.x) / view.scale, y: view.y - (now.y - before.y) / view.scale });
      }
      fingers.set(event.pointerId, now);
    });
    const lift = (event) => {
      fingers.delete(event.pointerId);
      if (!fingers.size) canvas.classList.remove("moving");
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    canvas.addEventListener("click", (event) => {
      if (moved > 6) return;
      const node = event.target.closest("g.table");
      if (node && node.dataset.table !== focused) focusOn(node.dataset.table);
    });
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey && !section.classList.contains("large")) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0022)), where(event));
    }, { passive: false });
    canvas.addEventListener("pointerover", (event) => {
      if (ego || event.pointerType === "touch") return;
      const node = event.target.closest("g.table");
      lightUp(chosen, node ? node.dataset.table : null);
    });
    canvas.addEventListener("focusin", (event) => {
      const node = event.target.closest("g.table");
      if (!node) return;
      const svg = node.ownerSVGElement;
      rove(svg, node);
      if (svg !== ego) lightUp(svg, node.dataset.table);
      if (!moved) reveal(svg, node);
    });
    canvas.addEventListener("keydown", (event) => {
      const node = event.target.closest("g.table");
      if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key.startsWith("Arrow")) {
        const other = toward(node, event.key);
        if (other) rove(current(), other, { focus: true });
      } else if (event.key === "Enter" || event.key === " ") {
        if (node.dataset.table === focused) panel.focus();
        else focusOn(node.dataset.table, { keyboard: true });
      } else if (event.key === "+" || event.key === "=") zoom(1.3);
      else if (event.key === "-") zoom(1 / 1.3);
      else if (event.key === "0") fit(current());
      else return;
      moved = 0;
      event.preventDefault();
    });

    fit(chosen, LEGIBLE);
    rove(chosen, firstOf(chosen));
    new ResizeObserver(() => {
      const svg = current(), view = views.get(svg);
      if (view) show(svg, view);
    }).observe(canvas);
    let before = null;
    addEventListener("beforeprint", () => {
      before = views.get(chosen);
      chosen.setAttribute("viewBox", `0 0 ${chosen.dataset.width} ${chosen.dataset.height}`);
    });
    addEventListener("afterprint", () => { if (before) show(chosen, before); });
    return {
      focusOn,
      leave: (options) => (section.classList.contains("large") && !ego ? (enlarge(false), true) : leave(options)),
    };
  })();

  // ── search ────────────────────────────────────────────────────────────────────────────────────────────────────────
  const search = $("#search"), results = $("#results");
  const index = [];
  for (const one of all("[data-find]")) index.push({ text: one.dataset.find, kind: one.dataset.kind, target: one });
  for (const one of all("#tables [data-column]")) {
    const entry = one.closest(".entry");
    index.push({ text: `${entry.dataset.find}.${one.dataset.column}`, kind: "column", target: entry });
  }
  const rank = { table: 0, difference: 1, contract: 2, migration: 3, column: 10 };
  for (const one of index) one.low = one.text.toLowerCase();
  let found = [], at = -1;
  const find = (words) => {
    const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
    if (!parts.length) return [];
    const score = (one) => {
      if (!parts.every((part) => one.low.includes(part))) return -1;
      const last = one.low.slice(one.low.lastIndexOf(".") + 1);
      const near = last === parts[0] ? 0 : last.startsWith(parts[0]) ? 1 : last.includes(parts[0]) ? 2 : 3;
      return near * 4 + (rank[one.kind] ?? 5);
    };
    return index.map((one) => [score(one), one]).filter(([value]) => value >= 0)
      .sort((a, b) => a[0] - b[0] || a[1].low.length - b[1].low.length).slice(0, 40).map(([, one]) => one);
  };
  const mark = (number) => {
    at = number;
    all("li", results).forEach((line, position) => {
      line.setAttribute("aria-selected", String(position === at));
      if (position === at) {
        line.scrollIntoView({ block: "nearest" });
        search.setAttribute("aria-activedescendant", line.id);
      }
    });
    if (at < 0) search.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    results.hidden = true;
    search.setAttribute("aria-expanded", "false");
    mark(-1);
  };
  const update = () => {
    found = find(search.value);
    results.replaceChildren(...found.map((one, position) => {
      const line = document.createElement("li");
      line.id = `result-${position}`;
      line.setAttribute("role", "option");
      const name = document.createElement("span"), kind = document.createElement("span");
      name.textContent = one.text;
      name.className = "mono";
      kind.textContent = one.kind;
      line.append(name, kind);
      line.addEventListener("mousedown", (event) => { event.preventDefault(); go(one); });
      return line;
    }));
    if (search.value.trim() && !found.length) {
      const line = document.createElement("li");
      line.textContent = "Nothing found";
      line.setAttribute("role", "option");
      line.setAttribute("aria-disabled", "true");
      results.append(line);
    }
    results.hidden = !search.value.trim();
    search.setAttribute("aria-expanded", String(!results.hidden));
    mark(found.length ? 0 : -1);
  };
  const go = (one) => {
    close();
    search.value = "";
    search.blur();
    if ((one.kind === "table" || one.kind === "column") && diagram) {
      $("#diagram").scrollIntoView();
      diagram.focusOn(one.target.dataset.table, { keyboard: true });
      return;
    }
    show(one.target);
  };
  const show = (target) => {
    const around = target.closest("details");
    if (around) around.open = true;
    target.hidden = false;
    target.scrollIntoView({ block: "center" });
    target.classList.remove("flash");
    void target.getBoundingClientRect();
    target.classList.add("flash");
    const first = $("summary, a", target) || target;
    if (first === target) target.setAttribute("tabindex", "-1");
    first.focus({ preventScroll: true });
  };
  search.addEventListener("input", update);
  search.addEventListener("focus", () => { if (search.value) update(); });
  search.addEventListener("blur", close);
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (found.length) mark((at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
      event.preventDefault();
    } else if (event.key === "Enter" && found[at]) {
      go(found[at]);
      event.preventDefault();
    }
  });

  // ── keys of the whole page, and places ────────────────────────────────────────────────────────────────────────────
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName || "");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape") {
      if (event.target === search) {
        search.value = "";
        close();
        search.blur();
      } else if (diagram && diagram.leave({ keyboard: true })) event.preventDefault();
    }
  });
  const arrive = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (diagram && target.matches(".entry[data-table]")) {
      $("#diagram").scrollIntoView();
      diagram.focusOn(target.dataset.table);
    } else if (target.tagName === "DETAILS") target.open = true;
  };
  addEventListener("hashchange", arrive);
  arrive();

  const links = new Map(all(".topbar nav a").map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const link = links.get(entry.target.id);
      if (!link || !entry.isIntersecting) continue;
      for (const other of links.values()) other.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  for (const id of links.keys()) seen.observe(document.getElementById(id));
})();
