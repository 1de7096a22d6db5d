// How the fleet is, at a glance.

import {el, card} from './dom.js';
import {get} from './api.js';
import {all, standing} from './hosts.js';
import {bundle, rings, state} from './rollouts.js';

const TONES = [['enforcing', 'good'], ['monitoring', 'warn'], ['observing', 'warn'], ['degraded', 'bad'], ['away', 'warn'], ['unknown', 'warn'], ['cast out', 'soft']];

export async function overview(me) {
  const [hosts, running, found] = await Promise.all([
    all(),
    get('/rollouts').then((answer) => answer.rollouts.filter((each) => each.state !== 'ended')),
    get('/findings?most=5').then((answer) => answer.findings),
  ]);
  const counts = new Map();
  hosts.forEach((each) => counts.set(standing(each), (counts.get(standing(each)) ?? 0) + 1));
  return [
    el('h1', {}, 'Overview'),
    el('div', {class: 'tiles'},
      el('div', {class: 'tile'}, el('b', {}, String(hosts.length)), el('span', {}, hosts.length === 1 ? 'host' : 'hosts')),
      TONES.filter(([name]) => counts.has(name)).map(([name, tone]) =>
        el('div', {class: 'tile'}, el('b', {class: tone}, String(counts.get(name))), el('span', {}, name)))),
    hosts.length === 0 ? card('No host yet', el('p', {}, el('code', {}, 'redoubt fleet token'), ' makes what lets one in.')) : null,
    ...running.map((each) => card('',
      el('h2', {}, el('a', {href: `#/rollouts/${each.id}`}, `Rollout ${each.id}: ${bundle(each)}`), ' ', state(each)),
      each.state === 'prepared' ? el('p', {class: 'soft'}, 'Prepared; nothing is offered yet.') : rings(each))),
    running.length === 0 && hosts.length > 0 ? card('Rollouts', el('p', {class: 'soft'}, 'Nothing is on its way.')) : null,
    card('Findings', found.length === 0
      ? el('p', {class: 'soft'}, 'No host has found anything.')
      : el('p', {}, el('a', {href: '#/findings'}, `The newest: ${found.map((each) => each.name).filter((name, at, names) => names.indexOf(name) === at).join(', ')}`))),
  ].filter((part) => part !== null);
}
