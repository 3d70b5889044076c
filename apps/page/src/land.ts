import L from 'leaflet';
import landAddress from 'land-outlines';
import { feature } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import { say } from './texts.ts';

/** The land of the Earth (Natural Earth, 1:50 million), from a file of our own. */
export async function loadLand(): Promise<L.Layer> {
  const answer = await fetch(landAddress);
  const topology = (await answer.json()) as Topology;
  const land = topology.objects['land'];
  if (land === undefined) throw new Error('the file of the land has none');
  return L.geoJSON(feature(topology, land), {
    interactive: false,
    attribution: say('credits.land'),
    style: { className: 'map-land', weight: 1 },
  });
}
