// Elements, made without any markup in text: what a host says can never become part of the page.

/** Makes an element; children are elements, texts, or lists of them; nothing is left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const card = (title, ...content) => el('section', {class: 'card'}, title && el('h2', {}, title), content);

export const badge = (text, tone) => el('span', {class: `badge ${tone}`}, text);

/** A table whose rows become cards where there is no room; `columns` are {label, cell, number}. */
export function table(caption, columns, rows) {
  return el('table', {class: 'rows'},
    el('caption', {}, caption),
    el('thead', {}, el('tr', {}, columns.map((column) => el('th', {scope: 'col'}, column.label)))),
    el('tbody', {}, rows.map((row) => el('tr', {}, columns.map((column) =>
      el('td', {'data-label': column.label, class: column.number ? 'number' : false}, column.cell(row)))))));
}

/** Names and what they are; those without a value are left out. */
export const facts = (pairs) => el('dl', {}, pairs.filter(([, value]) => value !== undefined && value !== '' && value !== null)
  .map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));

export function time(iso) {
  const at = new Date(iso);
  return el('time', {datetime: iso, title: iso}, Number.isNaN(at.valueOf()) ? String(iso) : at.toLocaleString());
}

/** Asks before something is done; resolves to whether it is to be. */
export function confirmed(question, word, harm) {
  return new Promise((resolve) => {
    const dialog = el('dialog', {'aria-label': word},
      el('p', {}, question),
      el('form', {method: 'dialog', class: 'actions'},
        el('button', {value: 'no'}, 'Cancel'),
        el('button', {value: 'yes', class: harm ? 'harm' : 'main'}, word)));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
