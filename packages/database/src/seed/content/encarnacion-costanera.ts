import { inEncarnacion } from './places.ts';
import type { SeedBusiness } from './types.ts';

/** The Costanera, Playa San José and Av. Irrazábal. */
export const encarnacionCostanera: readonly SeedBusiness[] = [
  {
    slug: 'parador-arena-dorada',
    sourceLanguage: 'es',
    category: 'restaurant',
    name: { es: 'Parador Arena Dorada' },
    description: {
      es: 'Mesas sobre la arena de Playa San José: pescado de río, clericó y música hasta que refresca.',
      en: 'Tables on the sand of Playa San José: river fish, clericó and music until it cools down.',
      gn: "Pira ha yva rykue ro'ysã ysyry rembe'ýpe.",
    },
    phone: '+595 71 555 0101',
    locations: [
      {
        slug: 'playa-san-jose',
        latitude: -27.3341,
        longitude: -55.8745,
        street: 'Av. Costanera República del Paraguay, Playa San José',
        ...inEncarnacion,
        hours: [
          ['Mo-Th', '10:00', '23:00'],
          ['Fr-Su', '09:00', '01:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'surubi-a-la-parrilla',
        title: {
          es: '₲ 20.000 menos en surubí a la parrilla',
          en: '₲ 20,000 off grilled surubí',
          gn: "Surubi ka'ẽ: 20.000 guarani sa'ive",
        },
        description: {
          es: 'Con mandioca, limón sutil y la brisa del Paraná.',
          en: 'With cassava, lime and the Paraná breeze.',
        },
        terms: { es: 'Almuerzos de lunes a viernes.', en: 'Weekday lunches.' },
        redeemableHours: [['Mo-Fr', '11:00', '15:00']],
        discount: { type: 'fixed_amount', amountMinor: 20000, currency: 'PYG' },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'jarra-de-clerico',
        title: { es: '2x1 en jarra de clericó', en: 'Two-for-one clericó jugs' },
        description: {
          es: 'Fruta picada, vino blanco y hielo hasta arriba.',
          en: 'Chopped fruit, white wine and ice to the brim.',
        },
        terms: { es: 'De 17:00 a 19:00. Solo mayores de edad.', en: '17:00 to 19:00. Adults only.' },
        redeemableHours: [['Mo-Su', '17:00', '19:00']],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-12-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'verano-2030',
        title: { es: 'Temporada 2030: 20% en sombrilla y reposeras', en: '2030 season: 20% off parasol and loungers' },
        description: {
          es: 'Tu lugar en primera fila, reservado desde la mañana.',
          en: 'Your front-row spot, kept for you from the morning.',
        },
        terms: { es: 'Enero y febrero, sujeto a disponibilidad.' },
        discount: { type: 'percentage', percent: 20 },
        validFrom: '2030-01-01',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'kayak-del-parana',
    sourceLanguage: 'es',
    category: 'sports',
    name: { es: 'Kayak del Paraná' },
    description: {
      es: 'Kayaks, tablas de remo y chalecos para toda la familia, con guía y foto al atardecer.',
      en: 'Kayaks, paddle boards and life jackets for the whole family, with a guide and a sunset photo.',
    },
    phone: '+595 71 555 0102',
    locations: [
      {
        slug: 'costanera',
        latitude: -27.3308,
        longitude: -55.8755,
        street: 'Av. Costanera República del Paraguay c/ 25 de Mayo',
        ...inEncarnacion,
        hours: [
          ['Tu-Fr', '15:00', '20:00'],
          ['Sa,Su', '08:30', '20:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'remada-al-atardecer',
        title: {
          es: 'Remada al atardecer a ₲ 50.000',
          en: 'Sunset paddle for ₲ 50,000',
        },
        description: {
          es: 'Noventa minutos por la bahía con el sol cayendo sobre Posadas.',
          en: 'Ninety minutes around the bay while the sun sets over Posadas.',
        },
        terms: { es: 'Con reserva. Se suspende por viento.', en: 'Booking required. Cancelled in strong wind.' },
        discount: { type: 'fixed_price', amountMinor: 50000, currency: 'PYG' },
        validFrom: '2025-09-01',
        validUntil: null,
      },
      {
        slug: 'ninos-reman-gratis',
        title: {
          es: 'Los chicos reman gratis con un adulto',
          en: 'Children paddle free with an adult',
        },
        description: {
          es: 'Kayak doble con chaleco infantil y paciencia incluida.',
          en: "Double kayak with a child's life jacket and patience included.",
        },
        terms: { es: 'Hasta 10 años, un niño por adulto.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-10-01',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'bar-muelle-sur',
    sourceLanguage: 'es',
    category: 'bar',
    name: { es: 'Bar Muelle Sur' },
    description: {
      es: 'Terraza con vista al puente, tragos largos y comparsa en vivo en época de carnaval.',
      en: 'A terrace facing the bridge, long drinks and live comparsa in carnival season.',
    },
    phone: '+595 71 555 0103',
    locations: [
      {
        slug: 'padre-bolik',
        latitude: -27.3242,
        longitude: -55.8687,
        street: 'Av. Costanera Padre Bolik',
        ...inEncarnacion,
        hours: [
          ['We,Th', '18:00', '02:00'],
          ['Fr,Sa', '18:00', '05:00'],
          ['Su', '17:00', '00:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'balde-de-cervezas',
        title: {
          es: 'Balde de cinco cervezas a ₲ 60.000',
          en: 'Bucket of five beers for ₲ 60,000',
          gn: "Po sérvesa ro'ysã 60.000 guaraníme",
        },
        description: { es: 'Hielo picado, limón y maní de la casa.', en: 'Crushed ice, lime and house peanuts.' },
        terms: { es: 'Hasta las 22:00. Mayores de 18 años.', en: 'Until 22:00. Over-18s only.' },
        redeemableHours: [
          ['We-Sa', '18:00', '22:00'],
          ['Su', '17:00', '22:00'],
        ],
        discount: { type: 'fixed_price', amountMinor: 60000, currency: 'PYG' },
        validFrom: '2025-02-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'carnaval-2025',
        title: {
          es: 'Carnaval 2025: 20% en mesas reservadas',
          en: 'Carnival 2025: 20% off reserved tables',
        },
        description: {
          es: 'La antesala del sambódromo, con brillantina y parlantes.',
          en: 'The warm-up before the sambadrome, with glitter and loudspeakers.',
        },
        terms: { es: 'Mesas de seis personas o más.', en: 'Tables of six or more.' },
        discount: { type: 'percentage', percent: 20 },
        validFrom: '2025-01-10',
        validUntil: '2025-06-30',
      },
    ],
  },
  {
    slug: 'museo-de-la-comparsa',
    sourceLanguage: 'es',
    category: 'museum',
    name: { es: 'Museo de la Comparsa', en: 'Comparsa Museum' },
    description: {
      es: 'Espaldares de plumas, lentejuelas y los bombos que hicieron temblar a la ciudad.',
      en: 'Feathered backpieces, sequins and the drums that shook the city.',
    },
    locations: [
      {
        slug: 'centro-civico',
        latitude: -27.3368,
        longitude: -55.8721,
        street: 'Av. Rodríguez de Francia c/ Av. Costanera',
        ...inEncarnacion,
        hours: [
          ['Tu-Fr', '08:00', '12:00'],
          ['Tu-Fr', '15:00', '19:00'],
          ['Sa,Su', '15:00', '21:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'visita-con-taller',
        category: 'education',
        title: { es: 'Visita con taller de máscaras a ₲ 25.000', en: 'Visit with mask workshop for ₲ 25,000' },
        description: {
          es: 'Recorré la sala y salí con tu propia máscara emplumada.',
          en: 'Tour the collection and leave with your own feathered mask.',
        },
        terms: { es: 'Sábados a las 16:00, cupo de 20 personas.', en: 'Saturdays at 16:00, 20 places.' },
        redeemableHours: [['Sa', '15:30', '18:00']],
        discount: { type: 'fixed_price', amountMinor: 25000, currency: 'PYG' },
        validFrom: '2025-04-01',
        validUntil: null,
      },
      {
        slug: 'acompanante-gratis',
        title: { es: 'Tu acompañante entra gratis', en: 'Your companion gets in free', gn: 'Ne irũ oike rei' },
        description: {
          es: 'Una entrada, dos personas y un espaldar para la foto.',
          en: 'One ticket, two people and a backpiece for the photo.',
        },
        terms: { es: 'De martes a viernes.', en: 'Tuesday to Friday.' },
        redeemableHours: [['Tu-Fr', '00:00', '24:00']],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-03-05',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'parque-acuatico-ysapy',
    sourceLanguage: 'es',
    category: 'attraction',
    name: { es: 'Parque Acuático Ysapy', en: 'Ysapy Water Park' },
    description: {
      es: 'Toboganes, balde gigante y pileta de olas para los días de cuarenta grados.',
      en: 'Slides, a giant bucket and a wave pool for forty-degree days.',
    },
    phone: '+595 71 555 0105',
    website: 'https://ysapy.example',
    locations: [
      {
        slug: 'irrazabal',
        latitude: -27.3408,
        longitude: -55.8569,
        street: 'Av. Irrazábal c/ Gral. Cabañas',
        ...inEncarnacion,
        hours: [['Tu-Su', '09:00', '19:00']],
      },
    ],
    vouchers: [
      {
        slug: 'pase-familiar',
        title: {
          es: 'Pase familiar con 25% de descuento',
          en: '25% off the family pass',
          gn: 'Ogayguápe g̃uarã 25% oñemboguejy',
        },
        description: {
          es: 'Dos adultos y hasta tres chicos, todo el día.',
          en: 'Two adults and up to three children, all day long.',
        },
        terms: { es: 'De martes a viernes, fuera de feriados.', en: 'Tuesday to Friday, except public holidays.' },
        redeemableHours: [['Tu-Fr', '00:00', '24:00']],
        discount: { type: 'percentage', percent: 25 },
        validFrom: '2025-11-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'cumple-en-el-agua',
        category: 'kids',
        title: { es: 'El cumpleañero no paga', en: 'Birthday child goes free' },
        description: {
          es: 'Traé a los amigos, nosotros ponemos la torta flotante.',
          en: 'Bring the friends, we provide the floating cake.',
        },
        terms: { es: 'Grupos de ocho o más, con documento.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-11-01',
        validUntil: null,
      },
    ],
  },
];
