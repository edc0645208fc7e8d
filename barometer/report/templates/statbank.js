(() => {
"use strict";
// The page is whole without this: it hides what was not asked for, draws, and writes files.
const find = (what, where = document) => where.querySelector(what);
const all = (what, where = document) => [...where.querySelectorAll(what)];
const words = JSON.parse(find("#ord").textContent);
const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
const make = (tag, values = {}, ...inside) => {
  const one = Object.assign(document.createElement(tag), values);
  one.append(...inside);
  return one;
};
const clean = (text) => text.replace(/\s+/g, " ").trim();
const questions = all("section.question[id^=sp-]").filter((one) => one.id !== "sp-selv");
const own = find("#sp-selv");
const links = new Map(all("#_liste li a").map((one) => [one.hash.slice(1), one]));
const title = (section) => clean(find("h2", section).textContent);

// A row of a question's table, read where it stands.
const read = (tr) => {
  const [share, interval, n] = all("td", tr).map((one) => clean(one.textContent));
  const data = tr.dataset, number = (text) => (text === undefined ? null : Number(text));
  return { tr, part: data.part, group: data.group, label: clean(find("th", tr).textContent), shown: share, interval, n,
    value: number(data.value), low: number(data.low), high: number(data.high), count: number(data.n) };
};
const answers = new Map(questions.map((section) => [section, all("tbody", find(".cells", section)).map((body) => ({
  body, item: body.dataset.item, stem: body.dataset.stem, label: clean(find(".answer span", body).textContent),
  rows: all("tr[data-part]", body).map(read) }))]));
const shown = (section) => answers.get(section).map((one) => ({ ...one, rows: one.rows.filter((row) => !row.tr.hidden) }))
  .filter((one) => one.rows.length);

// Search: å is found as aa and as a, ø as oe and as o.
const plain = (text, pairs) => text.normalize("NFC").toLowerCase().replace(/[æøå]/g, (one) => pairs[one])
  .normalize("NFD").replace(/\p{M}/gu, "");
const LONG = { æ: "ae", ø: "oe", å: "aa" }, SHORT = { æ: "a", ø: "o", å: "a" };
const fold = (text) => [plain(text, LONG), plain(text, SHORT)];
// A longer word is found where its beginning stands as a word: "kopieret" at "kopi", "copied" at "copy".
const begins = (text, word) => text.split(/[^\p{L}\p{N}]+/u).some((one) => one.length > 3 && word.startsWith(one.replace(/y$/, word[one.length - 1] === "i" ? "i" : "y")));
// A word of fewer than four letters is found where a word begins with it, not within "tilpasset".
const starts = (text, word) => text.split(/[^\p{L}\p{N}]+/u).some((one) => one.startsWith(word));
const holds = (folded, word) => word[0].length < 4 ? starts(folded[0], word[0]) || starts(folded[1], word[1]) : folded[0].includes(word[0]) || folded[1].includes(word[1]) || folded[1].includes(word[0]) || begins(folded[0], word[0]);
const index = questions.map((section) => ({ section, text: fold(title(section)), base: fold(clean(find(".asked", section)?.textContent ?? "")),
  answers: answers.get(section).map((one) => ({ item: one.item, label: one.label, text: fold(one.label) })),
  parts: all("[name=dele]", section).map((one) => ({ value: one.value, text: fold(clean(one.parentNode.textContent)) })),
  groups: all("[name=grupper]", section).map((one) => ({ value: one.value, text: fold(clean(one.parentNode.textContent)) })),
  first: Object.fromEntries(["dele", "grupper"].map((name) => [name, all(`[name=${name}]`, section).filter((one) => one.defaultChecked).map((one) => one.value)])) }));

// One that stands nowhere is searched by as many of its letters as do.
const texts = index.flatMap((one) => [one.text, one.base, ...one.answers.map((each) => each.text), ...one.parts.map((each) => each.text), ...one.groups.map((each) => each.text)]);
const shorten = (word) => {
  let begun = word;
  while (begun.length > 4 && !texts.some((text) => holds(text, fold(begun)))) begun = begun.slice(0, -1);
  return texts.some((text) => holds(text, fold(begun))) ? begun : word;
};
// Words that a sentence is held together by are passed over, where others stand beside them.
const passed = new Set(words.passed.split(" "));
const list = (text) => {
  const written = text.toLowerCase().split(/[\s?!.,;:"»«]+/u).filter(Boolean), telling = written.filter((one) => !passed.has(one));
  return (telling.length ? telling : written).map(shorten).map(fold);
};
// Where no question has all words, those that have the most of them are shown.
const search = () => {
  const asked = list(find("#_soeg").value);
  const fits = new Map(index.map((one) => [one, look(one, asked)])), most = Math.max(...[...fits.values()].map((one) => one.many));
  let found = 0;
  for (const [one, { chosen, many }] of fits) {
    const link = links.get(one.section.id), state = new URLSearchParams();
    for (const name of ["dele", "grupper"]) if (chosen[name].size) state.set(name, [...chosen[name]].join(","));
    if (chosen.svar) state.set("svar", chosen.svar.item);
    link.parentNode.hidden = asked.length > 0 && (many < most || !many);
    link.hash = one.section.id + (asked.length && `${state}` ? `?${state}` : "");
    find("small", link)?.remove();
    if (asked.length && chosen.svar) link.append(make("small", { textContent: chosen.svar.label }));
    found += link.parentNode.hidden ? 0 : 1;
  }
  const words = !found ? "none" : most < asked.length ? "most" : found === 1 ? "found_one" : "found";
  find("#_fundet").textContent = asked.length ? say(words, { n: found }) : "";
};
// The parts or groups that have a word: those whose names begin with it, where there are any, rather than all that are left beside
// such a part. A short word, and one that the question or an answer of it has (`told`), chooses those alone.
const pick = (named, word, told) => {
  const begun = named.filter((each) => each.text[0].startsWith(word[0]));
  return begun.length || told || word[0].length < 4 ? begun : named.filter((each) => holds(each.text, word));
};
// Whether a question has a row of what is chosen.
const some = (one, chosen) => {
  const has = (name, value) => !one[name === "dele" ? "parts" : "groups"].length || (chosen[name].size ? [...chosen[name]] : one.first[name]).includes(value);
  return answers.get(one.section).some((each) => (!chosen.svar || chosen.svar.item === each.item) && each.rows.some((row) => has("dele", row.part) && has("grupper", row.group)));
};
// How many of the words a question has, and the answer, parts and groups that have them.
const LESS = 0.01;
const look = (one, asked) => {
  const chosen = { dele: new Set(), grupper: new Set(), svar: null }, had = new Map();
  const many = asked.filter((word) => {
    const answered = one.answers.filter((each) => holds(each.text, word));
    const asks = holds(one.text, word), told = asks || answered.length > 0;
    const parts = pick(one.parts, word, told), groups = pick(one.groups, word, told);
    answered.forEach((each) => had.set(each, (had.get(each) ?? 0) + (asks ? LESS : 1)));
    parts.forEach((each) => chosen.dele.add(each.value));
    groups.forEach((each) => chosen.grupper.add(each.value));
    return told || parts.length || groups.length || holds(one.base, word);
  }).length;
  // the answer with the most of the words, of several the first; one that the question has too tells answers apart and chooses none
  const best = Math.max(1, ...had.values());
  chosen.svar = one.answers.find((each) => had.get(each) === best) ?? null;
  for (const name of ["grupper", "dele"]) if (!some(one, chosen)) chosen[name].clear();
  if (chosen.svar && !some(one, chosen)) {
    const { rows } = answers.get(one.section).find((each) => each.item === chosen.svar.item);
    chosen.dele = new Set(rows.map((row) => row.part));
    chosen.grupper = new Set(rows.map((row) => row.group));
  }
  return { chosen, many };
};

// What is chosen stands in the address, so that it can be reopened.
const ticked = (section, name) => all(`[name=${name}]`, section).filter((one) => one.checked).map((one) => one.value);
const describe = (section) => {
  const state = new URLSearchParams(), form = find(".choice", section), pair = find(".compare", section);
  for (const name of ["dele", "grupper"]) {
    const boxes = all(`[name=${name}]`, form);
    if (boxes.some((one) => one.checked !== one.defaultChecked)) state.set(name, ticked(form, name).join(","));
  }
  if (form.elements.svar?.value) state.set("svar", form.elements.svar.value);
  if (pair.elements.en.value && pair.elements.anden.value) state.set("mod", `${pair.elements.en.value} ${pair.elements.anden.value}`);
  return `#${section.id}${`${state}` && `?${state}`}`;
};
const keep = (section) => { try { history.replaceState(null, "", describe(section)); } catch { /* a sandbox has no history */ } };

const filter = (section) => {
  const form = find(".choice", section), has = (name, value) => !form.elements[name] || ticked(form, name).includes(value);
  const answer = form.elements.svar?.value;
  let count = 0;
  for (const one of answers.get(section)) {
    let left = 0;
    for (const row of one.rows) {
      row.tr.hidden = !(has("dele", row.part) && has("grupper", row.group)) || Boolean(answer && answer !== one.item);
      left += row.tr.hidden ? 0 : 1;
    }
    one.body.hidden = !left;
    count += left;
  }
  const left = shown(section).flatMap((one) => one.rows);
  for (const mark of all(".key span", section)) mark.hidden = !left.some((row) => row.shown.includes(mark.dataset.mark));
  find(".tools [role=status]", section).textContent = say("rows", { n: count });
  draw(section);
};

// The drawing: a bar for each share, its interval on it, its text beside it.
const SVG = "http://www.w3.org/2000/svg", MOST = 80;
const draw = (section) => {
  const figure = find(".drawn", section), rows = shown(section).flatMap((one) => one.rows).filter((row) => row.value !== null);
  figure.hidden = !rows.length || rows.some((row) => !row.shown.includes("%"));
  if (figure.hidden) return;
  const place = figure.lastElementChild;
  if (rows.length > MOST) { place.textContent = say("many", { n: MOST }); return; }
  const wide = Math.max(260, Math.min(740, figure.clientWidth)), size = 15, right = 70;
  const parts = [], put = (tag, values, text) => {
    const one = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(values)) one.setAttribute(name, value);
    if (text !== undefined) one.textContent = text;
    parts.push(one);
  };
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${size}px ${getComputedStyle(figure).fontFamily}`;
  const wrap = (text, most) => text.split(" ").reduce((lines, word) => {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (pen.measureText(line).width <= most) lines[lines.length - 1] = line; else lines.push(word);
    return lines;
  }, [""]).filter(Boolean);
  const lines = (text, y, values = {}) => wrap(text, wide - 4).reduce((at, line) => { put("text", { x: 0, y: at, "font-size": size, ...values }, line); return at + 19; }, y);
  let y = 4;
  const scale = (value) => (value / 100) * (wide - right);
  for (const one of shown(section)) {
    y = lines(one.label, y + 18, { class: "head" });
    for (const row of one.rows) {
      y = lines(row.label, y);
      const top = y - 13, drawn = row.value !== null;
      put("rect", { class: "track", x: 0, y: top, width: scale(100), height: 12 });
      if (drawn) put("rect", { class: "bar", x: 0, y: top, width: scale(row.value), height: 12 });
      if (drawn && row.low !== null) for (const name of ["edge", "limit"]) put("line", { class: name, x1: scale(row.low), x2: scale(row.high), y1: top + 6, y2: top + 6 });
      put("text", { x: scale(100) + 8, y: top + 11, "font-size": size }, row.shown);
      y = top + 33;
    }
  }
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${wide} ${y - 8}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", say("chart", { n: rows.length }));
  svg.append(...parts);
  place.replaceChildren(svg);
};

// Two groups beside each other, with the reports' own tests.
const compare = (section) => {
  const form = find(".compare", section), place = find("[aria-live]", form), pair = [form.elements.en, form.elements.anden];
  place.replaceChildren();
  if (!pair[0].value || !pair[1].value || pair[0].value === pair[1].value) return;
  const tests = all(".tested tr[data-item]", section), head = make("tr");
  const cell = (tag, text, values = {}) => make(tag, { textContent: text, ...values });
  for (const text of [say("answer"), ...pair.map((one) => one.selectedOptions[0].textContent), say("verdict")]) head.append(cell("th", text, { scope: "col" }));
  const body = make("tbody");
  for (const one of answers.get(section)) {
    const rows = pair.map((each) => one.rows.find((row) => `${row.part}|${row.group}` === each.value));
    if (!rows[0] && !rows[1]) continue;
    const values = pair.map((each) => each.value);
    const test = tests.find((each) => each.dataset.item === one.item && each.dataset.first === values[0] && each.dataset.second === values[1]);
    const back = tests.find((each) => each.dataset.item === one.item && each.dataset.first === values[1] && each.dataset.second === values[0]);
    const tested = test ?? back;
    const line = make("tr", {}, cell("th", one.label, { scope: "row" }));
    for (const row of rows) {
      const value = cell("td", row ? row.shown : say("missing"));
      if (row?.interval) value.append(make("br"), make("span", { className: "nobreak", textContent: `(${row.interval})` }));
      line.append(value);
    }
    const [difference, verdict] = tested ? all("td", tested).map((each) => clean([...each.childNodes].map((part) => part.textContent).join(" "))) : ["", say("untested")];
    const about = back && !test ? `${clean(find("th", tested).textContent)}: ${verdict}` : verdict;
    line.append(cell("td", [difference, about].filter(Boolean).join(": ")));
    body.append(line);
  }
  const caption = cell("caption", pair.map((one) => one.selectedOptions[0].textContent).join(" / "));
  place.append(make("table", { className: "compared" }, caption, make("thead", {}, head), body));
};

// Files of what is shown, made here.
const columns = ["question", "answer", "part", "group", "base", "value", "low", "high", "n", "mark", "source"];
const tabulate = (section) => {
  const form = find(".choice", section), name = (kind, value) => {
    const box = all(`[name=${kind}]`, form).find((one) => one.value === value);
    return box ? clean(box.parentNode.textContent) : "";
  };
  const base = clean(find(".asked", section)?.textContent ?? ""), source = clean(find("footer .inner").textContent);
  return shown(section).flatMap((one) => one.rows.map((row) => [title(section), one.label, name("dele", row.part) || row.label,
    name("grupper", row.group), clean(find(".answer small", one.body)?.textContent ?? "") || base, row.value ?? "", row.low ?? "", row.high ?? "", row.count ?? "",
    row.value === null || /\[/.test(row.shown) ? row.shown : "", source]));
};
const heads = () => columns.map((name) => words[name] ?? name);
const save = (name, type, ...content) => {
  const link = make("a", { href: URL.createObjectURL(new Blob(content, { type })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
// A text that a spreadsheet would take for a formula begins with an apostrophe.
const field = (value) => {
  const text = typeof value === "number" ? String(value) : value.replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};
const writeCsv = (rows) => `\ufeff${rows.map((row) => `${row.map(field).join(",")}\r\n`).join("")}`;
const escape = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
const letter = (at) => String.fromCharCode(65 + at);
const writeXlsx = (rows) => {
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n', main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const docs = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", packs = "http://schemas.openxmlformats.org/package/2006";
  const form = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const cells = rows.map((row, y) => `<row r="${y + 1}">${row.map((one, x) => (typeof one === "number"
    ? `<c r="${letter(x)}${y + 1}"><v>${one}</v></c>`
    : `<c r="${letter(x)}${y + 1}" t="inlineStr"><is><t xml:space="preserve">${escape(one)}</t></is></c>`)).join("")}</row>`).join("");
  return zip({
    "[Content_Types].xml": `${head}<Types xmlns="${packs}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${form}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${form}.worksheet+xml"/></Types>`,
    "_rels/.rels": `${head}<Relationships xmlns="${packs}/relationships"><Relationship Id="rId1" Type="${docs}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${head}<workbook xmlns="${main}" xmlns:r="${docs}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${head}<Relationships xmlns="${packs}/relationships"><Relationship Id="rId1" Type="${docs}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    "xl/worksheets/sheet1.xml": `${head}<worksheet xmlns="${main}"><cols><col min="1" max="2" width="50" customWidth="1"/><col min="3" max="5" width="30" customWidth="1"/></cols><sheetData>${cells}</sheetData></worksheet>`,
  });
};
// A ZIP archive without compression (APPNOTE 6.3.10), with the earliest day as its time.
const crc = (bytes) => {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
};
const zip = (files) => {
  const coder = new TextEncoder(), parts = [], list = [];
  let at = 0;
  const pack = (...pairs) => {
    const view = new DataView(new ArrayBuffer(pairs.reduce((sum, [size]) => sum + size, 0)));
    pairs.reduce((place, [size, value]) => { (size === 2 ? view.setUint16(place, value, true) : view.setUint32(place, value, true)); return place + size; }, 0);
    return new Uint8Array(view.buffer);
  };
  for (const [name, text] of Object.entries(files)) {
    const bytes = coder.encode(text), path = coder.encode(name);
    const about = [[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 33], [4, crc(bytes)], [4, bytes.length], [4, bytes.length], [2, path.length], [2, 0]];
    const local = [pack([4, 0x04034b50], ...about), path, bytes];
    list.push(pack([4, 0x02014b50], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), path);
    parts.push(...local);
    at += local.reduce((sum, one) => sum + one.length, 0);
  }
  const length = list.reduce((sum, one) => sum + one.length, 0), count = list.length / 2;
  return [...parts, ...list, pack([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, length], [4, at], [2, 0])];
};

// One's own answers stay in this page: nothing here is stored or sent.
const answerOneself = () => {
  const select = find("[name=del]", own), place = find(".asks", own), parts = new Map();
  for (const box of all("[name=dele]")) parts.set(box.value, clean(box.parentNode.textContent));
  select.append(...[...parts].filter(([value]) => !value.startsWith("!")).map(([value, text]) => new Option(text, value)));
  const outputs = [];
  questions.forEach((section, number) => {
    const stems = new Map();
    for (const one of answers.get(section)) if (one.stem && one.rows.some((row) => row.group === "all" && !row.part.startsWith("!"))) stems.set(one.stem, [...(stems.get(one.stem) ?? []), one]);
    const several = section.dataset.kind === "several", groups = several ? [[...stems.values()].flat()] : [...stems.values()];
    groups.filter((list) => list.length).forEach((list, at) => {
      const field = make("fieldset", {}, make("legend", { textContent: title(section) }));
      for (const one of several ? list : [...list, null]) {
        const box = make("input", { type: several ? "checkbox" : "radio", name: `svar-${number}-${at}` }), output = make("output");
        field.append(make("label", {}, box, make("span", { textContent: one ? one.label : say("neither") })), output);
        if (one) outputs.push([box, one, output]);
      }
      place.append(field);
    });
  });
  const tell = () => {
    for (const [box, one, output] of outputs) {
      const row = one.rows.find((each) => each.part === select.value && each.group === "all"), part = parts.get(select.value);
      output.textContent = !box.checked ? "" : !row || row.value === null ? say("same_closed", { part })
        : say("same", { ...row, part, low: row.interval.split("–")[0], high: row.interval.split("–")[1] });
    }
  };
  own.addEventListener("change", tell);
};

// Which question is shown follows from the address.
const show = () => {
  const [id, query] = decodeURI(location.hash.slice(1)).split("?"), chosen = document.getElementById(id);
  const open = [...questions, own].includes(chosen) ? chosen : null;
  for (const one of [...questions, own]) one.hidden = one !== open;
  find("#_start").hidden = Boolean(open);
  for (const [name, link] of links) if (name === open?.id) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
  if (!open) return;
  if (open !== own) {
    const state = new URLSearchParams(query ?? ""), form = find(".choice", open), pair = find(".compare", open);
    for (const name of ["dele", "grupper"]) {
      const wanted = state.get(name)?.split(",");
      for (const box of all(`[name=${name}]`, form)) box.checked = wanted ? wanted.includes(box.value) : box.defaultChecked;
    }
    if (form.elements.svar) form.elements.svar.value = state.get("svar") ?? "";
    [pair.elements.en.value, pair.elements.anden.value] = (state.get("mod") ?? " ").split(" ");
    filter(open);
    compare(open);
  }
  find("h2", open).focus({ preventScroll: true });
  open.scrollIntoView();
};

for (const section of questions) {
  const form = find(".choice", section), pair = find(".compare", section), known = new Map();
  for (const one of answers.get(section)) for (const row of one.rows) known.set(`${row.part}|${row.group}`, row.label);
  for (const select of [pair.elements.en, pair.elements.anden]) {
    select.append(new Option("–", ""), ...[...known].map(([value, text]) => new Option(text, value)));
  }
  form.hidden = false;
  pair.hidden = known.size < 2;
  form.addEventListener("change", () => { filter(section); keep(section); });
  form.addEventListener("submit", (event) => event.preventDefault());
  pair.addEventListener("change", () => { compare(section); keep(section); });
  pair.addEventListener("submit", (event) => event.preventDefault());
  const rows = () => [heads(), ...tabulate(section)], status = find(".tools [role=status]", section);
  find("[name=csv]", form).addEventListener("click", () => save(`${section.id}.csv`, "text/csv", writeCsv(rows())));
  find("[name=xlsx]", form).addEventListener("click", () => save(`${section.id}.xlsx`, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ...writeXlsx(rows())));
  find("[name=link]", form).addEventListener("click", () => {
    keep(section);
    const told = navigator.clipboard?.writeText(location.href);
    (told ?? Promise.reject()).then(() => { status.textContent = say("copied"); }, () => { status.textContent = say("link"); });
  });
}
answerOneself();
own.addEventListener("submit", (event) => event.preventDefault());
find("#soeg").hidden = false;
find("#soeg").addEventListener("submit", (event) => { event.preventDefault(); all("#_liste ol li:not([hidden]) a")[0]?.click(); });
find("#_soeg").addEventListener("input", search);
find("#_liste .own").hidden = false;
addEventListener("hashchange", show);
let width = innerWidth;
addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; all("section.question:not([hidden])").filter((one) => one !== own).forEach(draw); } });
show();
})();
