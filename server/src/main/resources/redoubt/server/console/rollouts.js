// Rollouts, and one of them as it moves through its rings.

import {el, badge, card, table, facts, time, confirmed} from './dom.js';
import {get, post} from './api.js';

const TONES = {running: 'good', frozen: 'warn', halted: 'bad', 'rolling-back': 'bad', prepared: 'soft', ended: 'soft'};
const ORDERS = {
  start: ['Start', 'Start this rollout? Its first hosts may activate the bundle at once.', false],
  halt: ['Halt', 'Let no more hosts have it? Those that have it keep it.', true],
  resume: ['Resume', 'Go on? What spoke against the bundle is set aside.', false],
  rollback: ['Roll back', 'Take it back from every host that has it?', true],
  end: ['End', 'Put it aside? Hosts that have it keep it; no more get it.', true],
};
const MAY = {
  prepared: ['start', 'end'],
  running: ['halt', 'rollback', 'end'],
  frozen: ['resume', 'halt', 'rollback', 'end'],
  halted: ['resume', 'rollback', 'end'],
  'rolling-back': ['resume', 'end'],
  ended: [],
};

export const state = (each) => badge(each.state, TONES[each.state] ?? 'soft');

export const bundle = (each) => `${each.vendor}/${each.engine}/${each.name} ${each.version}`;

/** How many of a ring are well with it, have it, have failed, and are to come. */
export function bar(ring) {
  const total = Math.max(1, ring.hosts);
  const parts = [['good', ring.confirmed], ['warn', ring.exposed], ['bad', ring.failed]];
  return el('div', {
    class: 'bar',
    role: 'img',
    'aria-label': `${ring.confirmed} well, ${ring.exposed} not confirmed, ${ring.failed} failed or taken back, of ${ring.hosts}`,
  }, parts.filter(([, count]) => count > 0).map(([tone, count]) => {
    const part = el('i', {class: tone});
    part.style.width = `${(100 * count) / total}%`;
    return part;
  }));
}

export function rings(each) {
  return (each.rings ?? []).filter((ring) => ring.hosts > 0).map((ring) => el('div', {class: 'ring'},
    el('p', {}, el('span', {}, el('b', {}, ring.name), ' ', el('span', {class: 'soft'}, ring.open ? '' : '(not open yet)')),
      el('span', {class: 'soft'}, `${ring.confirmed} of ${ring.hosts} well`)),
    bar(ring)));
}

export async function rollouts(me) {
  const all = (await get('/rollouts')).rollouts;
  return [
    el('h1', {}, 'Rollouts'),
    all.length === 0
      ? card('', el('p', {}, 'None yet. Prepare one with ', el('code', {}, 'redoubt fleet rollouts prepare BUNDLE'), '.'))
      : card('', table(`${all.length} in all, the newest first`, [
        {label: 'No', number: true, cell: (each) => el('a', {href: `#/rollouts/${each.id}`}, String(each.id))},
        {label: 'State', cell: state},
        {label: 'Bundle', cell: (each) => el('a', {href: `#/rollouts/${each.id}`}, bundle(each))},
        {label: 'Ring', cell: (each) => each.ringName ?? '–'},
        {label: 'Had a lease', number: true, cell: (each) => String(each.exposed ?? '–')},
        {label: 'Well', number: true, cell: (each) => String(each.confirmed ?? '–')},
      ], all)),
  ];
}

function orders(each, again) {
  return el('div', {class: 'actions'}, MAY[each.state].map((order) => {
    const [word, question, harm] = ORDERS[order];
    return el('button', {
      id: `order-${order}`,
      class: harm ? 'harm' : 'main',
      onclick: async () => {
        if (!(await confirmed(question, word, harm))) {
          return;
        }
        try {
          await post(`/rollouts/${each.id}/${order}`);
        } catch (refused) {
          await confirmed(refused.message, 'Understood', false);
        }
        again();
      },
    }, word);
  }));
}

// What a halt rests on, if it is not somebody's word.
function evidence(halt) {
  return halt.reason === 'bad-health' ? `, ${halt.symptom}: ${halt.withUpdate} hosts with it, ${halt.without} without` : '';
}

export async function rollout(me, again, id) {
  const each = await get(`/rollouts/${id}`);
  return [
    el('h1', {}, `Rollout ${each.id}: ${bundle(each)}`),
    me.role === 'owner' ? orders(each, again) : null,
    card('', facts([
      ['state', state(each)],
      ['channel', `${each.channel}, soak ${each.soakSeconds} s`],
      ['prepared', [time(each.prepared), ` by ${each.preparedBy}`]],
      ['hosts', each.online === undefined ? '' : `${each.exposed} had a lease, ${each.confirmed} are well with it, ${each.online} are there`],
      ['halted', each.halt ? each.halt.reason + evidence(each.halt) : ''],
      ['SHA-256', el('code', {}, each.sha256)],
    ])),
    each.rings && each.state !== 'prepared' ? card('Rings', rings(each), el('ul', {class: 'legend'},
      el('li', {}, el('i', {class: 'good'}), 'well with it'),
      el('li', {}, el('i', {class: 'warn'}), 'has a lease, not confirmed'),
      el('li', {}, el('i', {class: 'bad'}), 'failed or taken back'),
      el('li', {}, el('i', {class: 'rest'}), 'without it'))) : null,
    card('What became of it', table('Newest first', [
      {label: 'When', cell: (entry) => time(entry.time)},
      {label: 'Who', cell: (entry) => entry.actor},
      {label: 'What', cell: (entry) => `${entry.action} ${entry.detail}`},
    ], each.history ?? [])),
  ].filter((part) => part !== null);
}
