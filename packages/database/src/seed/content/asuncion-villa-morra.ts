import { inAsuncion, inCiudadDelEste, inEncarnacion } from './places.ts';
import type { SeedBusiness } from './types.ts';

/** Villa Morra, Carmelitas and Recoleta. */
export const asuncionVillaMorra: readonly SeedBusiness[] = [
  {
    slug: 'trattoria-don-vitale',
    sourceLanguage: 'es',
    category: 'restaurant',
    name: { es: 'Trattoria Don Vitale' },
    description: {
      es: 'Pastas amasadas cada mañana y una carta corta de vinos, en una casa con jardín de Villa Morra.',
      en: 'Pasta made every morning and a short wine list, in a Villa Morra house with a garden.',
    },
    phone: '+595 21 555 0125',
    locations: [
      {
        slug: 'villa-morra',
        latitude: -25.2939,
        longitude: -57.5792,
        street: 'San Roque González c/ Av. Mariscal López',
        ...inAsuncion,
        hours: [
          ['Tu-Su', '12:00', '15:00'],
          ['Tu-Sa', '19:30', '00:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'menu-ejecutivo',
        title: { es: 'Menú ejecutivo a ₲ 55.000', en: 'Set lunch for ₲ 55,000', gn: 'Karu asaje 55.000 guaraníme' },
        description: {
          es: 'Entrada, pasta del día, postre y café, servido en 45 minutos.',
          en: 'Starter, pasta of the day, dessert and coffee, served within 45 minutes.',
        },
        terms: { es: 'Mediodías de martes a viernes.', en: 'Tuesday to Friday lunchtimes.' },
        redeemableHours: [['Tu-Fr', '12:00', '15:00']],
        discount: { type: 'fixed_price', amountMinor: 55000, currency: 'PYG' },
        validFrom: '2025-02-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'cena-de-regalo',
        title: { es: 'Cena de regalo: saldo de ₲ 300.000', en: 'Dinner as a gift: ₲ 300,000 balance' },
        description: {
          es: 'Para aniversarios, ascensos y disculpas importantes.',
          en: 'For anniversaries, promotions and serious apologies.',
        },
        terms: {
          es: 'Reserva previa. El saldo restante no se pierde.',
          en: 'Booking required. Any remaining balance is kept.',
        },
        discount: { type: 'gift_balance', amountMinor: 300000, currency: 'PYG' },
        validFrom: '2025-05-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'cocina-mandua',
    sourceLanguage: 'es',
    category: 'restaurant',
    name: { es: "Cocina Mandu'a" },
    description: {
      es: 'Cocina paraguaya contemporánea: kivevé ahumado, surubí en hoja de plátano y postres de mamón.',
      en: 'Contemporary Paraguayan cooking: smoked kivevé, surubí in plantain leaf and papaya desserts.',
      gn: "Ñande sykuéra rembi'u, pyahu ha porã.",
    },
    phone: '+595 21 555 0126',
    website: 'https://cocinamandua.example',
    locations: [
      {
        slug: 'carmelitas',
        latitude: -25.2857,
        longitude: -57.5781,
        street: 'Av. España c/ Senador Long',
        ...inAsuncion,
        hours: [
          ['Mo-Sa', '12:00', '15:00'],
          ['Mo-Th', '19:30', '23:30'],
          ['Fr,Sa', '19:30', '01:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'menu-degustacion',
        title: {
          es: '20% en el menú degustación',
          en: '20% off the tasting menu',
        },
        description: {
          es: 'Siete pasos por el país, del Chaco a Itapúa.',
          en: 'Seven courses across the country, from the Chaco to Itapúa.',
        },
        terms: { es: 'De lunes a miércoles, mesa completa.', en: 'Monday to Wednesday, whole table.' },
        redeemableHours: [['Mo-We', '00:00', '24:00']],
        discount: { type: 'percentage', percent: 20 },
        validFrom: '2025-04-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'postre-de-mamon',
        title: { es: 'Postre de mamón de cortesía', en: 'Complimentary papaya dessert' },
        description: {
          es: 'Mamón en almíbar con queso Paraguay y helado de leche.',
          en: 'Papaya in syrup with Paraguay cheese and milk ice cream.',
        },
        terms: { es: 'Con dos platos principales.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-06-15',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'cerveceria-la-herreria',
    sourceLanguage: 'es',
    category: 'bar',
    name: { es: 'Cervecería La Herrería' },
    description: {
      es: 'Doce canillas de cerveza artesanal y picadas sobre yunques de verdad.',
      en: 'Twelve craft taps and sharing plates served on real anvils.',
    },
    phone: '+595 21 555 0127',
    locations: [
      {
        slug: 'carmelitas',
        latitude: -25.2851,
        longitude: -57.5747,
        street: 'Malutín c/ Av. España',
        ...inAsuncion,
        hours: [
          ['Mo-We', '18:00', '01:00'],
          ['Th-Sa', '18:00', '04:00'],
          ['Su', '18:00', '00:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'pinta-de-entrada',
        title: {
          es: 'Primera pinta gratis con tu picada',
          en: 'First pint free with a sharing plate',
          gn: "Sérvesa ro'ysã peteĩha rei",
        },
        description: {
          es: 'Rubia de maíz, roja de quebracho o negra de algarroba.',
          en: 'Corn blonde, quebracho red or carob stout.',
        },
        terms: { es: 'Mayores de 18 años. Una por mesa.', en: 'Over-18s only. One per table.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-03-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'growler',
        title: { es: '₲ 15.000 menos en recarga de growler', en: '₲ 15,000 off growler refills' },
        description: {
          es: 'Traé tu botellón y llevate dos litros recién servidos.',
          en: 'Bring your growler and take home two litres straight from the tap.',
        },
        terms: { es: 'De domingo a miércoles.', en: 'Sunday to Wednesday.' },
        redeemableHours: [
          ['Mo-We', '18:00', '01:00'],
          ['Su', '18:00', '24:00'],
        ],
        discount: { type: 'fixed_amount', amountMinor: 15000, currency: 'PYG' },
        validFrom: '2025-09-15',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'juguetes-kunumi',
    sourceLanguage: 'es',
    category: 'kids',
    name: { es: 'Juguetes Kunumi' },
    description: {
      es: 'Juguetes de madera, títeres y una sala de juegos donde los grandes esperan con café.',
      en: 'Wooden toys, puppets and a playroom where grown-ups wait over coffee.',
      gn: "Mitãnguéra renda: ñembosarái ha vy'a.",
    },
    phone: '+595 21 555 0128',
    locations: [
      {
        slug: 'villa-morra',
        latitude: -25.2955,
        longitude: -57.5808,
        street: 'Quesada c/ Charles de Gaulle',
        ...inAsuncion,
        hours: [
          ['Mo-Sa', '09:00', '20:00'],
          ['Su', '11:00', '19:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'hora-de-juego',
        title: { es: 'Una hora de juego gratis', en: 'One free hour of play', gn: 'Peteĩ aravo ñembosarái rei' },
        description: {
          es: 'Trepador, arenero y rincón de cuentos para menores de ocho.',
          en: 'Climbing frame, sandpit and story corner for under-eights.',
        },
        terms: { es: 'De lunes a jueves, acompañado por un adulto.', en: 'Monday to Thursday, with an adult.' },
        redeemableHours: [['Mo-Th', '00:00', '24:00']],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-01-20',
        validUntil: '2030-12-31',
      },
      {
        slug: 'dia-del-nino',
        title: {
          es: 'Día del Niño: 30% en juguetes de madera',
          en: "Children's Day: 30% off wooden toys",
          gn: 'Mitã ára: 30% oñemboguejy',
        },
        description: {
          es: 'Trompos, baleros y trencitos hechos en Areguá.',
          en: 'Spinning tops, cup-and-balls and trains made in Areguá.',
        },
        terms: { es: 'Hasta agotar existencias.' },
        discount: { type: 'percentage', percent: 30 },
        validFrom: '2025-08-16',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'autos-tape-pora',
    sourceLanguage: 'es',
    category: 'car-rental',
    name: { es: 'Autos Tape Porã', en: 'Tape Porã Car Rental' },
    description: {
      es: 'Autos chicos y camionetas con kilometraje libre; retirá en una ciudad y devolvé en otra.',
      en: 'Small cars and pick-ups with unlimited mileage; collect in one city, return in another.',
    },
    phone: '+595 21 555 0129',
    website: 'https://tapepora.example',
    locations: [
      {
        slug: 'asuncion',
        latitude: -25.2832,
        longitude: -57.5662,
        street: 'Av. Aviadores del Chaco c/ Prof. Delia González',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '07:00', '20:00'],
          ['Sa,Su', '08:00', '14:00'],
        ],
      },
      {
        slug: 'encarnacion',
        latitude: -27.3267,
        longitude: -55.8673,
        street: 'Av. Caballero c/ Mcal. Estigarribia',
        ...inEncarnacion,
        hours: [
          ['Mo-Fr', '07:30', '18:00'],
          ['Sa', '08:00', '12:00'],
        ],
      },
      {
        slug: 'ciudad-del-este',
        latitude: -25.5091,
        longitude: -54.6342,
        street: 'Ruta PY02 km 3,5',
        ...inCiudadDelEste,
        hours: [
          ['Mo-Fr', '07:00', '18:30'],
          ['Sa', '07:00', '13:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'fin-de-semana',
        title: { es: 'Fin de semana: tercer día sin cargo', en: 'Weekend: third day free' },
        description: {
          es: 'Retirás el viernes, devolvés el lunes y las ruinas te quedan de camino.',
          en: 'Collect on Friday, return on Monday, with the Jesuit ruins along the way.',
        },
        terms: { es: 'Licencia vigente y 23 años cumplidos.', en: 'Valid licence and minimum age 23.' },
        redeemableHours: [['Mo,Fr-Su', '00:00', '24:00']],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'ida-sin-vuelta',
        title: { es: '₲ 120.000 menos en viajes de ida', en: '₲ 120,000 off one-way rentals' },
        description: {
          es: 'De la capital al Este o al Sur, sin pagar el retorno.',
          en: 'From the capital to the East or the South without paying for the way back.',
        },
        terms: { es: 'Entre sucursales propias, reserva de 48 horas.' },
        discount: { type: 'fixed_amount', amountMinor: 120000, currency: 'PYG' },
        validFrom: '2025-09-01',
        validUntil: null,
        locations: ['asuncion'],
      },
    ],
  },
  {
    slug: 'spa-yvoty',
    sourceLanguage: 'es',
    category: 'spa',
    name: { es: 'Spa Yvoty' },
    description: {
      es: 'Masajes con aceites nativos y silencio garantizado a media cuadra de la iglesia de la Recoleta.',
      en: 'Massages with native oils and guaranteed silence, half a block from Recoleta church.',
    },
    phone: '+595 21 555 0130',
    website: 'https://spayvoty.example',
    locations: [
      {
        slug: 'recoleta',
        latitude: -25.2899,
        longitude: -57.5903,
        street: 'Av. Mariscal López 2690 c/ Choferes del Chaco',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '09:00', '20:00'],
          ['Sa', '09:00', '17:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'masaje-descontracturante',
        title: { es: '30% en masaje descontracturante', en: '30% off a deep-tissue massage' },
        description: {
          es: 'Sesenta minutos con aceite de coco mbokaja y piedras tibias.',
          en: 'Sixty minutes with mbokaja palm oil and warm stones.',
        },
        terms: {
          es: 'Con reserva, de lunes a jueves. Tope ₲ 90.000.',
          en: 'Booking required, Monday to Thursday. Capped at ₲ 90,000.',
        },
        redeemableHours: [['Mo-Th', '00:00', '24:00']],
        discount: { type: 'percentage', percent: 30, capMinor: 90000, currency: 'PYG' },
        validFrom: '2025-02-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'tarde-de-spa',
        title: {
          es: 'Vale regalo spa de ₲ 250.000',
          en: 'Spa gift voucher worth ₲ 250,000',
        },
        description: {
          es: 'El regalo del Día de la Madre que funciona todo el año.',
          en: "The Mother's Day present that works all year round.",
        },
        terms: { es: 'Transferible. No canjeable por efectivo.', en: 'Transferable. Not redeemable for cash.' },
        discount: { type: 'gift_balance', amountMinor: 250000, currency: 'PYG' },
        validFrom: '2025-05-15',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'almacen-dona-selva',
    sourceLanguage: 'es',
    category: 'groceries',
    name: { es: 'Almacén Doña Selva' },
    description: {
      es: 'Verduras de Areguá, miel de Caaguazú y queso de las colonias, a granel y sin plástico.',
      en: 'Vegetables from Areguá, honey from Caaguazú and cheese from the colonies, loose and plastic-free.',
      gn: "Yva, ka'avo, eíra ha kesu ñande yvygua.",
    },
    phone: '+595 21 555 0131',
    locations: [
      {
        slug: 'recoleta',
        latitude: -25.2926,
        longitude: -57.5835,
        street: 'Dr. Weiss c/ Av. Mariscal López',
        ...inAsuncion,
        hours: [
          ['Mo-Sa', '07:00', '20:30'],
          ['Su', '08:00', '13:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'canasta-de-la-huerta',
        title: {
          es: 'Canasta de la huerta a ₲ 70.000',
          en: 'Garden basket for ₲ 70,000',
        },
        description: {
          es: 'Cinco kilos de lo que está de estación, cosechado ayer.',
          en: 'Five kilos of whatever is in season, picked yesterday.',
        },
        terms: { es: 'Martes y viernes, hasta agotar canastas.', en: 'Tuesdays and Fridays, while baskets last.' },
        redeemableHours: [['Tu,Fr', '00:00', '24:00']],
        discount: { type: 'fixed_price', amountMinor: 70000, currency: 'PYG' },
        validFrom: '2025-01-14',
        validUntil: '2030-12-31',
      },
      {
        slug: 'miel-y-queso',
        title: { es: '10% en miel y quesos', en: '10% off honey and cheese', gn: 'Eíra ha kesu 10% oñemboguejy' },
        description: {
          es: 'Para el desayuno, la picada o el regalo de apuro.',
          en: 'For breakfast, a snack board or a last-minute present.',
        },
        terms: { es: 'Todos los días.' },
        discount: { type: 'percentage', percent: 10 },
        validFrom: '2025-03-01',
        validUntil: null,
      },
    ],
  },
];
