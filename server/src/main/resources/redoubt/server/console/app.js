// The frame: who asks, which view is shown, and when it is shown anew.

import {el} from './dom.js';
import {get, post, remove, live, Refused} from './api.js';
import {overview} from './overview.js';
import {rollouts, rollout} from './rollouts.js';
import {hosts, host} from './hosts.js';
import {findings} from './findings.js';
import {engines} from './engines.js';
import {policy} from './policy.js';
import {people, audit} from './people.js';

const ROUTES = [
  [/^#?\/?$/, overview],
  [/^#\/rollouts$/, rollouts],
  [/^#\/rollouts\/(\d+)$/, rollout],
  [/^#\/hosts$/, hosts],
  [/^#\/hosts\/([0-9a-f]{32})$/, host],
  [/^#\/findings$/, findings],
  [/^#\/engines$/, engines],
  [/^#\/policy$/, policy],
  [/^#\/people$/, people],
  [/^#\/audit$/, audit],
];

const main = document.getElementById('main');
const nav = document.getElementById('nav');
const who = document.getElementById('who');
const status = document.getElementById('status');
let me = null;
let stream = null;
let showing = 0;

function route() {
  for (const [pattern, view] of ROUTES) {
    const match = pattern.exec(location.hash);
    if (match) {
      return {view, parts: match.slice(1)};
    }
  }
  return null;
}

/** Shows the view of the address; `again` when it is the same, with what is new. */
async function show(again) {
  const turn = ++showing;
  const where = route();
  mark();
  if (!where) {
    main.replaceChildren(el('h1', {}, 'There is no such page'), el('a', {href: '#/'}, 'To the overview'));
    return;
  }
  try {
    const content = await where.view(me, () => show(true), ...where.parts);
    if (turn !== showing || document.querySelector('dialog[open]')) {
      return; // Somebody has gone on, or is being asked.
    }
    const open = new Set([...main.querySelectorAll('details[open]')].map((each) => each.id));
    const focused = again && document.activeElement ? document.activeElement.id : '';
    main.replaceChildren(...content);
    main.querySelectorAll('details').forEach((each) => { each.open = each.open || (each.id && open.has(each.id)); });
    if (!again) {
      document.title = `${main.querySelector('h1')?.textContent ?? ''} · Redoubt fleet`;
      main.focus();
      scrollTo(0, 0);
    } else if (focused) {
      document.getElementById(focused)?.focus();
    }
  } catch (problem) {
    if (turn !== showing) {
      return;
    }
    if (problem instanceof Refused && problem.status === 401) {
      login();
      return;
    }
    main.replaceChildren(el('h1', {}, 'This cannot be shown'), el('p', {class: 'bad', role: 'alert'}, problem.message),
      el('button', {onclick: () => show(false)}, 'Try again'));
  }
}

function mark() {
  for (const link of nav.querySelectorAll('a')) {
    const target = link.getAttribute('href');
    const here = target === '#/' ? /^#?\/?$/.test(location.hash) : location.hash.startsWith(target);
    if (here) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
}

function login() {
  stream?.close();
  stream = null;
  me = null;
  nav.hidden = true;
  who.hidden = true;
  status.textContent = '';
  const problem = el('p', {class: 'bad', role: 'alert'});
  const token = el('input', {id: 'token', type: 'password', autocomplete: 'off', required: true});
  const file = el('input', {
    id: 'file',
    type: 'file',
    accept: '.json',
    onchange: async () => {
      try {
        token.value = JSON.parse(await file.files[0].text()).token;
      } catch {
        problem.textContent = 'This is no access file.';
      }
    },
  });
  const form = el('form', {
    class: 'login card',
    onsubmit: async (event) => {
      event.preventDefault();
      problem.textContent = '';
      try {
        await post('/session', {token: token.value.trim()});
        await begin();
      } catch (refused) {
        problem.textContent = refused.message;
      }
    },
  },
  el('h1', {}, 'Who are you?'),
  el('p', {class: 'soft'}, 'With your access file, such as owner.json in the server’s folder, or with the token in it.'),
  el('label', {}, 'Access file', file),
  el('label', {}, 'Token', token),
  problem,
  el('button', {class: 'main', type: 'submit'}, 'Come in'));
  main.replaceChildren(form);
  document.title = 'Redoubt fleet';
  file.focus();
}

async function begin() {
  try {
    me = await get('/me');
  } catch (refused) {
    if (refused.status === 401) {
      login();
      return;
    }
    throw refused;
  }
  nav.hidden = false;
  who.hidden = false;
  who.replaceChildren(el('span', {}, `${me.name} (${me.role})`),
    el('button', {onclick: async () => { await remove('/session'); login(); }}, 'Leave'));
  stream = live(() => show(true), (isThere) => { status.textContent = isThere ? '' : 'not connected to the server'; });
  await show(false);
}

addEventListener('hashchange', () => (me ? show(false) : null));
begin().catch((problem) => main.replaceChildren(el('h1', {}, 'The server does not answer'), el('p', {role: 'alert'}, problem.message)));
