// Engines of the fleet, side by side: what they cost their hosts and what they found.

import {el, card, table} from './dom.js';
import {get} from './api.js';

const name = (each) => `${each.engine}${each.version ? ` ${each.version}` : ''}`;

/** Marked as no threat, of all that was said. */
const wrong = ({denied, found, falsePositives}) => `${falsePositives.toLocaleString()} of ${(denied + found).toLocaleString()}`;

/** A bar for each engine, as long as its cost is beside the most of all; the thin part is the host where it is most. */
function bars(title, unit, engines, cost, digits) {
  const most = Math.max(...engines.map((each) => cost(each).most), 0);
  return card(title, el('div', {class: 'bars'}, engines.map((each) => {
    const {median, most: highest} = cost(each);
    const text = `${median.toFixed(digits)} ${unit}${highest > median ? `, ${highest.toFixed(digits)} at most` : ''}`;
    return el('div', {class: 'bar-row'},
      el('span', {class: 'bar-name'}, name(each)),
      el('meter', {min: '0', max: String(most || 1), value: String(median), 'aria-label': `${name(each)}: ${text}`}),
      el('span', {class: 'bar-value'}, text));
  })));
}

export async function engines() {
  const {engines: all, days, countedSince} = await get('/engines');
  if (all.length === 0) {
    return [el('h1', {}, 'Engines'), card('', el('p', {class: 'soft'}, 'No host that is there has said what its engines do.'))];
  }
  return [
    el('h1', {}, 'Engines'),
    el('p', {class: 'soft'}, `On the hosts that are there, since their agents began. Costs are those of the host in the middle. False positives are of every host: what people have marked, of all that engines of that name found, denied or would have denied in the last ${days} days${countedSince ? `, counted since ${countedSince}` : ''}.`),
    el('div', {class: 'actions'},
      el('a', {class: 'button', id: 'export', href: '/api/v1/engines/export', download: 'engines.json'}, 'Download signed'),
      el('a', {class: 'button', id: 'export-key', href: '/api/v1/engines/key', download: 'fleet-scorecard.pub'}, 'Public key')),
    bars('Processor', '% of a core', all, (each) => each.cpuPercent, 2),
    bars('Memory', 'MiB', all, (each) => each.memoryMiB, 0),
    bars('Answers, all but one in a hundred', 'ms', all, (each) => ({median: each.p99Micros.median / 1000, most: each.p99Micros.most / 1000}), 2),
    card('What they did', table('', [
      {label: 'Engine', cell: (each) => name(each)},
      {label: 'Vendor', cell: (each) => each.vendor || '\u2013'},
      {label: 'Hosts', cell: (each) => String(each.hosts)},
      {label: 'Asked', cell: (each) => each.asked.toLocaleString()},
      {label: 'Denied', cell: (each) => each.denied.toLocaleString()},
      {label: 'Found', cell: (each) => each.found.toLocaleString()},
      {label: 'Too late', cell: (each) => each.missed.toLocaleString()},
      {label: 'Restarts', cell: (each) => each.restarts.toLocaleString()},
      {label: `False positives, ${days} days`, cell: (each) => wrong(each.lately)},
    ], all)),
  ];
}
