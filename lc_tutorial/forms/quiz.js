// The answer to a question: radio buttons, boxes to tick, a text, or a list to put in order, all of
// them plain elements with labels of their own, inside a fieldset whose legend is the question. What
// is chosen stands in one field, which the form's courier brings to the kernel with the click.

let views = 0; // each has names of its own: a question may be shown twice

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
};

// Each kind: what it shows, what it holds as a text, and how it shows such a text.

const choosing = (question, tell, view) => {
  const inputs = question.options.map((_, index) =>
    element("input", {
      type: question.kind === "single" ? "radio" : "checkbox",
      name: `lc-answer-${view}`,
      value: index,
      onchange: tell,
    }));
  const labels = inputs.map((input, index) =>
    element("label", { className: "lc-option" }, input,
      element("span", { innerHTML: question.options[index] })));
  return {
    elements: labels,
    held: () => {
      const chosen = inputs.flatMap((input, index) => (input.checked ? [index] : []));
      return chosen.length ? JSON.stringify(chosen) : "";
    },
    show: (text) => {
      const chosen = parsed(text);
      inputs.forEach((input, index) => (input.checked = chosen.includes(index)));
    },
  };
};

const ordering = (question, tell) => {
  let order = [];
  const moved = element("div", { className: "lc-moved" });
  moved.setAttribute("aria-live", "polite");
  const move = (item, by) => {
    const from = order.indexOf(item);
    const to = from + by;
    if (to < 0 || to >= order.length) return;
    [order[from], order[to]] = [order[to], order[from]];
    arrange();
    moved.textContent = `${plain[item]}: now ${to + 1} of ${order.length}.`;
    // At an end there is nothing left to press: the other button has the focus then.
    const [up, down] = rows[item].querySelectorAll("button");
    const [pressed, other] = by < 0 ? [up, down] : [down, up];
    (pressed.getAttribute("aria-disabled") === "true" ? other : pressed).focus();
    tell();
  };
  const button = (item, by, word, sign) => {
    const made = element("button", { type: "button", textContent: sign });
    made.setAttribute("aria-label", `Move ${word}: ${plain[item]}`);
    made.title = `Move ${word}`;
    made.onclick = () => move(item, by);
    return made;
  };
  const plain = question.options.map((html) => element("span", { innerHTML: html }).textContent);
  const rows = question.options.map((html, item) =>
    element("li", {},
      button(item, -1, "up", "▲"), button(item, 1, "down", "▼"),
      element("span", { innerHTML: html })));
  const list = element("ol", {}, ...rows);
  const arrange = () => {
    list.append(...order.map((item) => rows[item]));
    order.forEach((item, place) => {
      const [up, down] = rows[item].querySelectorAll("button");
      up.setAttribute("aria-disabled", place === 0);
      down.setAttribute("aria-disabled", place === order.length - 1);
    });
  };
  return {
    elements: [list, moved],
    held: () => JSON.stringify(order),
    show: (text) => {
      if (text === JSON.stringify(order)) return;
      order = parsed(text);
      arrange();
    },
  };
};

export default {
  render({ model, el }) {
    const question = model.get("question");
    const view = (views += 1);
    const isText = question.kind === "value";

    const field = element("input", { type: isText ? "text" : "hidden", autocomplete: "off" });
    const holder = element("span", { className: `lc-at-${model.get("key")} lc-enter` }, field);
    // The courier listens for this.
    const tell = () => {
      field.value = answer.held();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const answer = isText
      ? { elements: [], held: () => field.value, show: () => {} }
      : (question.kind === "order" ? ordering : choosing)(question, tell, view);

    const hint = element("p", { id: `lc-hint-${view}`, className: "lc-hint", textContent: question.hint });
    const fields = element("fieldset", {},
      element("legend", { innerHTML: question.text }), hint, ...answer.elements,
      isText ? element("label", { className: "lc-option" }, "Your answer", holder) : holder);
    fields.setAttribute("aria-describedby", hint.id);
    el.append(fields);

    const show = () => {
      // What a person has chosen meanwhile is newer than what the kernel says.
      if (!holder.classList.contains("lc-edited")) field.value = model.get("value");
      answer.show(field.value);
    };
    show();
    model.on("change:value", show);

    return () => model.off("change:value", show);
  },
};
