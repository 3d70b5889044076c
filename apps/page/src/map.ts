import L from 'leaflet';
import Supercluster, { type PointFeature } from 'supercluster';
import type { Offer } from './api.ts';
import { byId, element } from './dom.ts';
import { badge, count, distance } from './format.ts';
import { radii, type State } from './state.ts';
import { say } from './texts.ts';

interface Pin {
  offer: Offer;
}

export interface OfferMap {
  show(offers: readonly Offer[], state: State, language: string, isMore: boolean): void;
  highlight(id: string | null): void;
  /** After the map was hidden or its room has changed. */
  resize(): void;
}

export interface OfferMapEvents {
  opened: (id: string) => void;
  pointedAt: (id: string | null) => void;
  /** The person moved the map to somewhere else. */
  moved: (middle: { latitude: number; longitude: number }, radiusMeters: number) => void;
}

/** Above this the outlines of the land are too coarse to be true. */
const landZoomMax = 9;

const ringPixelsMin = 50;

export function createOfferMap({ opened, pointedAt, moved }: OfferMapEvents): OfferMap {
  const container = byId('map', HTMLElement);
  const map = L.map(container, {
    zoomControl: false,
    worldCopyJump: true,
    minZoom: 2,
    maxZoom: 18,
    zoomSnap: 0.5,
    attributionControl: false,
    zoomAnimation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
  });
  const credits = L.control.attribution({ prefix: false }).addTo(map);
  addZoom(map, container);
  L.control.scale({ imperial: false, position: 'bottomleft' }).addTo(map);
  addGround(map, container);

  const circle = L.circle([0, 0], { radius: 1, className: 'map-circle', interactive: false }).addTo(map);
  const rings = L.layerGroup().addTo(map);
  const middle = L.circleMarker([0, 0], { radius: 6, className: 'map-middle', interactive: false }).addTo(map);
  const layer = L.layerGroup().addTo(map);
  const markers = new Map<string, L.Marker>();
  let pins: PointFeature<Pin>[] = [];
  let clusters = newClusters();
  /** The cluster whose offers are shown one above the other, because no zoom tells their places apart. */
  let spread: number | null = null;
  let language = 'en';
  let pointed: string | null = null;
  const credited = new Set<string>();
  let isOwnMove = false;

  map.on('zoomstart', () => {
    spread = null;
  });
  map.on('zoomend moveend', draw);
  map.on('moveend', () => {
    if (isOwnMove) {
      isOwnMove = false;
      return;
    }
    const { lat, lng } = map.getCenter().wrap();
    moved({ latitude: Number(lat.toFixed(5)), longitude: Number(lng.toFixed(5)) }, radiusInView());
  });

  /** The largest of our radii that the map shows whole, or the smallest. */
  function radiusInView(): number {
    const bounds = map.getBounds();
    const { lat, lng } = map.getCenter();
    const half = Math.min(
      map.distance([lat, lng], [bounds.getNorth(), lng]),
      map.distance([lat, lng], [lat, bounds.getEast()]),
    );
    return radii.findLast((radius) => radius <= half * 1.1) ?? radii[0];
  }

  function draw(): void {
    drawRings();
    layer.clearLayers();
    markers.clear();
    const bounds = map.getBounds().pad(0.2);
    const box: [number, number, number, number] = [
      bounds.getWest(),
      bounds.getSouth(),
      bounds.getEast(),
      bounds.getNorth(),
    ];
    for (const found of clusters.getClusters(box, Math.round(map.getZoom()))) {
      const [longitude = 0, latitude = 0] = found.geometry.coordinates;
      if (!('cluster' in found.properties)) {
        offerMarker(latitude, longitude, found.properties.offer).addTo(layer);
      } else if (found.properties.cluster_id === spread) {
        for (const [place, { properties }] of clusters.getLeaves(spread, Infinity).entries()) {
          offerMarker(latitude, longitude, properties.offer, place).addTo(layer);
        }
      } else {
        clusterMarker(latitude, longitude, found.properties.cluster_id, found.properties.point_count).addTo(layer);
      }
    }
    highlight(pointed);
  }

  function offerMarker(latitude: number, longitude: number, offer: Offer, place = 0): L.Marker {
    const text = badge(offer.discount, language).text;
    const marker = markerOf(latitude, longitude, 'pin', text, offer.title ?? '', place);
    marker.on('click', () => opened(offer.id));
    marker.on('mouseover', () => pointedAt(offer.id));
    marker.on('mouseout', () => pointedAt(null));
    markers.set(offer.id, marker);
    return marker;
  }

  function clusterMarker(latitude: number, longitude: number, id: number, size: number): L.Marker {
    const amount = count(size, language);
    const marker = markerOf(latitude, longitude, 'pin pin-many', amount, say('map.cluster', { amount }));
    marker.on('click', () => {
      const zoom = clusters.getClusterExpansionZoom(id);
      if (zoom <= map.getMaxZoom()) {
        map.setView([latitude, longitude], zoom);
      } else {
        spread = id;
        draw();
      }
    });
    for (const leaf of clusters.getLeaves(id, Infinity)) markers.set(leaf.properties.offer.id, marker);
    return marker;
  }

  function highlight(id: string | null): void {
    const before = pointed === null ? undefined : markers.get(pointed);
    before?.getElement()?.classList.remove('pin-pointed');
    before?.setZIndexOffset(0);
    pointed = id;
    const now = id === null ? undefined : markers.get(id);
    now?.getElement()?.classList.add('pin-pointed');
    now?.setZIndexOffset(1_000);
  }

  /** How far it is: circles within the searched one, each with its distance at the top, as far as there is room. */
  function drawRings(): void {
    rings.clearLayers();
    const point = circle.getLatLng();
    const metersPerPixel = map.distance(point, map.unproject(map.project(point).add([100, 0]))) / 100;
    for (const meters of radii.filter((each) => each < circle.getRadius() && each > metersPerPixel * ringPixelsMin)) {
      L.circle(point, { radius: meters, className: 'map-ring', interactive: false, fill: false }).addTo(rings);
      const top = L.latLng(point.lat + meters / 111_320, point.lng);
      L.marker(top, {
        icon: L.divIcon({ className: 'map-ring-label', html: textOf(distance(meters, language)), iconSize: [0, 0] }),
        interactive: false,
        keyboard: false,
      }).addTo(rings);
    }
  }

  /** Who is to be named for what the map shows. */
  function credit(offers: readonly Offer[], isMore: boolean): void {
    if (!isMore) {
      for (const each of credited) credits.removeAttribution(each);
      credited.clear();
    }
    for (const { attribution } of offers) {
      const text = attribution === null ? '' : htmlOf(attribution);
      if (text === '' || credited.has(text)) continue;
      credited.add(text);
      credits.addAttribution(text);
    }
  }

  return {
    show(offers, { place, radiusMeters }, wanted, isMore) {
      language = wanted;
      credit(offers, isMore);
      const added = offers.map((offer): PointFeature<Pin> => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [offer.location.longitude, offer.location.latitude] },
        properties: { offer },
      }));
      pins = isMore ? [...pins, ...added] : added;
      clusters = newClusters();
      clusters.load(pins);
      spread = null;
      const point = L.latLng(place.latitude, place.longitude);
      circle.setLatLng(point).setRadius(radiusMeters);
      middle.setLatLng(point);
      if (isMore) return draw();
      const bounds = L.latLngBounds(offers.map(({ location }) => L.latLng(location.latitude, location.longitude)));
      bounds.extend(point);
      isOwnMove = true;
      map.fitBounds(offers.length === 0 ? point.toBounds(radiusMeters * 2) : bounds, {
        padding: [48, 48],
        maxZoom: 16,
        animate: false,
      });
      isOwnMove = false;
      draw();
    },
    highlight,
    resize: () => {
      isOwnMove = true;
      map.invalidateSize({ animate: false, pan: false });
      isOwnMove = false;
    },
  };
}

/** Down to the last zoom, so that offers at one place stay together there. */
const newClusters = () => new Supercluster<Pin>({ radius: 56, maxZoom: 18 });

/** Leaflet's own buttons, with names in the page's language. */
function addZoom(map: L.Map, container: HTMLElement): void {
  L.control.zoom({ position: 'bottomright' }).addTo(map);
  for (const name of ['in', 'out']) {
    const button = container.querySelector<HTMLElement>(`.leaflet-control-zoom-${name}`);
    button?.removeAttribute('title');
    button?.setAttribute('data-label', name === 'in' ? 'map.zoomIn' : 'map.zoomOut');
  }
}

/** Text for an icon of Leaflet, which would read a string as HTML. */
function textOf(text: string): HTMLElement {
  return element('span', { dir: 'auto' }, text);
}

/** Leaflet takes credits as HTML; ours are plain text. */
const htmlOf = (text: string): string => textOf(text).innerHTML;

/** A pin that the pointer can use; the list beside it is for the keyboard and for screen readers. */
function markerOf(
  latitude: number,
  longitude: number,
  className: string,
  text: string,
  title: string,
  place = 0,
): L.Marker {
  const html = textOf(text);
  html.style.setProperty('--place', String(place));
  const icon = L.divIcon({ className, html, iconSize: [0, 0] });
  return L.marker([latitude, longitude], { icon, title, keyboard: false, riseOnHover: true });
}

/** Tiles where a server of them is set; else the outlines of the land, as long as they are true enough. */
function addGround(map: L.Map, container: HTMLElement): void {
  const settings = document.querySelector<HTMLMetaElement>('meta[name="pika-tiles"]');
  if (settings?.content) {
    L.tileLayer(settings.content, {
      attribution: htmlOf(settings.dataset['attribution'] ?? ''),
      maxZoom: 19,
    }).addTo(map);
    return;
  }
  let land: L.Layer | null = null;
  let isAsked = false;
  map.on('zoomend', () => {
    const isFar = map.getZoom() <= landZoomMax;
    container.classList.toggle('map-sea', isFar && land !== null);
    if (land !== null) {
      if (isFar) map.addLayer(land);
      else map.removeLayer(land);
    } else if (isFar && !isAsked) {
      isAsked = true;
      void import('./land.ts').then(async ({ loadLand }) => {
        land = await loadLand();
        map.fire('zoomend');
      });
    }
  });
}
