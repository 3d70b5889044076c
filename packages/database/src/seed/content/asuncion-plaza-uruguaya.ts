import { inAsuncion, inCiudadDelEste } from './places.ts';
import type { SeedBusiness } from './types.ts';

/** The old town east of Independencia Nacional, around Plaza Uruguaya and the old railway station. */
export const asuncionPlazaUruguaya: readonly SeedBusiness[] = [
  {
    slug: 'libreria-kuatia-renda',
    sourceLanguage: 'es',
    category: 'books',
    name: { es: 'Librería Kuatia Renda' },
    description: {
      es: 'Libros usados y nuevos bajo los árboles de la plaza, con la mejor mesa de literatura en guaraní.',
      en: 'Used and new books under the trees of the square, with the best Guaraní literature table in town.',
      gn: "Aranduka pyahu ha itujáva, avañe'ẽ ha castellano-pe.",
    },
    phone: '+595 21 555 0115',
    locations: [
      {
        slug: 'plaza-uruguaya',
        latitude: -25.28539,
        longitude: -57.62937,
        street: '25 de Mayo c/ Antequera, frente a Plaza Uruguaya',
        ...inAsuncion,
        hours: [['Mo-Sa', '08:00', '19:00']],
      },
      {
        slug: 'villa-morra',
        latitude: -25.2951,
        longitude: -57.5785,
        street: 'Cruz del Defensor c/ Av. Mariscal López',
        ...inAsuncion,
        hours: [
          ['Mo-Sa', '09:00', '20:00'],
          ['Su', '10:00', '14:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'tres-por-dos-usados',
        title: {
          es: 'Llevá tres usados y pagá dos',
          en: 'Three used books for the price of two',
          gn: 'Mbohapy aranduka mokõi repykuére',
        },
        description: {
          es: 'Novelas, historietas y enciclopedias con dedicatorias de otra gente.',
          en: "Novels, comics and encyclopaedias with other people's dedications.",
        },
        terms: { es: 'Sin cargo el de menor precio.', en: 'The cheapest one is free.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
        locations: ['plaza-uruguaya'],
      },
      {
        slug: 'literatura-guarani',
        title: {
          es: '25% en literatura en guaraní',
          en: '25% off Guaraní literature',
          gn: "Avañe'ẽ aranduka 25% oñemboguejy",
        },
        description: {
          es: 'Poesía, cuentos y diccionarios para leer la lengua que ya hablás.',
          en: 'Poetry, stories and dictionaries to read the language you already speak.',
          gn: "Ñe'ẽpoty, mombe'upy ha ñe'ẽryru ñande ñe'ẽme.",
        },
        terms: { es: 'Válido en ambos locales.', en: 'Valid at both shops.', gn: 'Oiko mokõive ñemuhápe.' },
        discount: { type: 'percentage', percent: 25 },
        validFrom: '2025-08-25',
        validUntil: null,
      },
      {
        slug: 'tarjeta-lectora',
        title: { es: 'Tarjeta lectora de ₲ 120.000', en: 'Reader gift card worth ₲ 120,000' },
        description: {
          es: 'Regalá lectura sin adivinar el título.',
          en: 'Give reading without having to guess the title.',
        },
        terms: { es: 'Saldo válido en libros, no en revistas.' },
        discount: { type: 'gift_balance', amountMinor: 120000, currency: 'PYG' },
        validFrom: '2025-04-23',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'pizzeria-el-anden',
    sourceLanguage: 'es',
    category: 'pizzeria',
    name: { es: 'Pizzería El Andén' },
    description: {
      es: 'Pizza a la piedra frente a la estación vieja; la muzzarella sale cada siete minutos, puntual como nunca fue el tren.',
      en: 'Stone-baked pizza facing the old station; a mozzarella leaves every seven minutes, more punctual than the train ever was.',
    },
    phone: '+595 21 555 0116',
    locations: [
      {
        slug: 'eligio-ayala',
        latitude: -25.2835,
        longitude: -57.6302,
        street: 'Eligio Ayala 592 c/ México',
        ...inAsuncion,
        hours: [
          ['Mo-Th', '11:00', '23:30'],
          ['Fr,Sa', '11:00', '01:30'],
          ['Su', '18:00', '23:30'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'muzzarella-grande',
        title: {
          es: 'Muzzarella grande a ₲ 45.000',
          en: 'Large mozzarella pizza for ₲ 45,000',
          gn: 'Pitsa tuicháva 45.000 guaraníme',
        },
        description: {
          es: 'Ocho porciones, orégano del Chaco y fainá para acompañar.',
          en: 'Eight slices, Chaco oregano and fainá on the side.',
        },
        terms: { es: 'En salón o para retirar, de lunes a jueves.', en: 'Dine in or pick up, Monday to Thursday.' },
        redeemableHours: [['Mo-Th', '00:00', '24:00']],
        discount: { type: 'fixed_price', amountMinor: 45000, currency: 'PYG' },
        validFrom: '2025-02-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'noche-de-pizza-libre',
        title: { es: '30% en pizza libre los martes', en: '30% off all-you-can-eat pizza on Tuesdays' },
        description: {
          es: 'Dieciséis gustos que no paran de pasar por la mesa.',
          en: 'Sixteen varieties that never stop coming to your table.',
        },
        terms: {
          es: 'Martes de 19:00 a 23:00. Tope ₲ 40.000 por mesa.',
          en: 'Tuesdays 19:00 to 23:00. Capped at ₲ 40,000 per table.',
        },
        redeemableHours: [['Tu', '19:00', '23:00']],
        discount: { type: 'percentage', percent: 30, capMinor: 40000, currency: 'PYG' },
        validFrom: '2025-05-06',
        validUntil: null,
      },
      {
        slug: 'gaseosa-con-tu-pizza',
        title: {
          es: 'Gaseosa de litro y medio con tu pizza grande',
          en: 'A 1.5-litre soft drink with your large pizza',
          gn: 'Gaseósa rei ne pitsa ndive',
        },
        description: { es: 'Bien fría, como pide febrero.', en: 'Ice cold, the way February demands.' },
        terms: { es: 'Una gaseosa por pizza grande.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-11-01',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'lomiteria-el-semaforo',
    sourceLanguage: 'es',
    category: 'fast-food',
    name: { es: 'Lomitería El Semáforo' },
    description: {
      es: 'Lomito árabe, hamburguesa de carrito y mandioca frita hasta que se apaga la última radio.',
      en: 'Lomito árabe, street-cart burgers and fried cassava until the last radio goes quiet.',
      gn: "Tembi'u pya'e pyhare pukukue.",
    },
    phone: '+595 21 555 0117',
    locations: [
      {
        slug: 'cerro-cora',
        latitude: -25.2857,
        longitude: -57.63106,
        street: 'Cerro Corá c/ México',
        ...inAsuncion,
        hours: [
          ['Mo-Th', '18:00', '03:00'],
          ['Fr,Sa', '18:00', '05:30'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'combo-lomito',
        title: {
          es: 'Lomito completo con papas a ₲ 28.000',
          en: 'Full lomito with chips for ₲ 28,000',
        },
        description: {
          es: 'Huevo, jamón, queso y salsa de ajo: el remedio oficial de las tres de la mañana.',
          en: 'Egg, ham, cheese and garlic sauce: the official 3 a.m. cure.',
        },
        terms: { es: 'Pagando en efectivo o billetera.', en: 'Cash or e-wallet only.' },
        discount: { type: 'fixed_price', amountMinor: 28000, currency: 'PYG' },
        validFrom: '2025-01-01',
        validUntil: null,
      },
      {
        slug: 'papas-de-madrugada',
        title: { es: 'Papas gratis después de medianoche', en: 'Free chips after midnight' },
        description: {
          es: 'Pedí cualquier hamburguesa y el cono de papas va de regalo.',
          en: 'Order any burger and the cone of chips is a gift.',
        },
        terms: { es: 'De 00:00 al cierre.', en: 'From midnight until closing.' },
        redeemableHours: [
          ['Tu-Fr', '00:00', '03:00'],
          ['Sa,Su', '00:00', '05:30'],
        ],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-03-01',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'tostaduria-kaaguy',
    sourceLanguage: 'es',
    category: 'coffee-shop',
    name: { es: "Tostaduría Ka'aguy" },
    description: {
      es: 'Café en grano tostado a la vista y yerba mate estacionada, molida como a vos te gusta.',
      en: 'Coffee beans roasted before your eyes and aged yerba mate, ground the way you like it.',
      gn: "Kafe ha ka'a oñemongu'íva nde rejeruréicha.",
    },
    phone: '+595 21 555 0118',
    website: 'https://kaaguy.example',
    locations: [
      {
        slug: 'mariscal-estigarribia',
        latitude: -25.28307,
        longitude: -57.63292,
        street: 'Mariscal Estigarribia 256 c/ Yegros',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '07:30', '18:30'],
          ['Sa', '08:00', '13:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'yerba-con-yuyos',
        title: {
          es: '₲ 8.000 menos en yerba compuesta',
          en: '₲ 8,000 off herbal yerba mate',
          gn: "Ka'a pohã ñana reheve: 8.000 guarani sa'ive",
        },
        description: {
          es: 'Con menta, boldo o cedrón, estacionada doce meses.',
          en: 'With mint, boldo or lemon verbena, aged twelve months.',
        },
        terms: { es: 'En paquetes de un kilo.', en: 'On one-kilo packs.' },
        discount: { type: 'fixed_amount', amountMinor: 8000, currency: 'PYG' },
        validFrom: '2025-01-15',
        validUntil: '2030-12-31',
      },
      {
        slug: 'cata-de-cafes',
        category: 'cafe',
        title: { es: 'Cata de cuatro cafés a ₲ 35.000', en: 'Four-coffee tasting for ₲ 35,000' },
        description: {
          es: 'Una hora con nuestra tostadora y granos de Caaguazú, Brasil y Etiopía.',
          en: 'An hour with our roaster and beans from Caaguazú, Brazil and Ethiopia.',
        },
        terms: { es: 'Sábados a las 10:00, con reserva.', en: 'Saturdays at 10:00, booking required.' },
        redeemableHours: [['Sa', '09:30', '12:00']],
        discount: { type: 'fixed_price', amountMinor: 35000, currency: 'PYG' },
        validFrom: '2025-06-07',
        validUntil: null,
      },
      {
        slug: 'espresso-de-regalo',
        category: 'cafe',
        title: {
          es: 'Un espresso de regalo con medio kilo de café',
          en: 'A free espresso with half a kilo of coffee',
          gn: 'Peteĩ kafe rei',
        },
        description: {
          es: 'Comprás el grano y lo probás en el momento.',
          en: 'Buy the beans and taste them on the spot.',
        },
        terms: { es: 'Una taza por compra.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-02-14',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'lavanderia-agua-clara',
    sourceLanguage: 'es',
    category: 'laundry',
    name: { es: 'Lavandería Agua Clara', en: 'Agua Clara Laundry' },
    description: {
      es: 'Lavado, secado y doblado en el día; mientras tanto hay wifi y mate.',
      en: 'Wash, dry and fold the same day; meanwhile there is wifi and mate.',
    },
    phone: '+595 21 555 0119',
    locations: [
      {
        slug: 'azara',
        latitude: -25.28597,
        longitude: -57.63242,
        street: 'Azara c/ Caballero',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '07:00', '12:00'],
          ['Mo-Fr', '13:30', '19:00'],
          ['Sa', '07:00', '13:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'canasto-lleno',
        title: {
          es: 'Canasto lleno a ₲ 40.000',
          en: 'A full basket for ₲ 40,000',
        },
        description: {
          es: 'Hasta ocho kilos lavados, secados y doblados como en casa de tu abuela.',
          en: "Up to eight kilos washed, dried and folded like at your grandmother's.",
        },
        terms: { es: 'Retiro al día siguiente.', en: 'Pick up the next day.' },
        discount: { type: 'fixed_price', amountMinor: 40000, currency: 'PYG' },
        validFrom: '2025-02-01',
        validUntil: null,
      },
      {
        slug: 'acolchados-de-invierno',
        title: { es: '20% en acolchados y frazadas', en: '20% off duvets and blankets' },
        description: {
          es: 'Antes del primer viento sur, dejalos como nuevos.',
          en: 'Get them like new before the first south wind.',
        },
        terms: { es: 'Máximo tres piezas por cliente.' },
        discount: { type: 'percentage', percent: 20 },
        validFrom: '2025-05-01',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'electronica-nasaindy',
    sourceLanguage: 'es',
    category: 'electronics',
    name: { es: 'Electrónica Ñasaindy' },
    description: {
      es: 'Auriculares, cargadores y parlantes con garantía escrita, en pleno microcentro.',
      en: 'Headphones, chargers and speakers with a written guarantee, right downtown.',
    },
    phone: '+595 21 555 0120',
    locations: [
      {
        slug: 'independencia-nacional',
        latitude: -25.28468,
        longitude: -57.63469,
        street: 'Independencia Nacional c/ Azara',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '08:00', '18:00'],
          ['Sa', '08:00', '13:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'cargador-rapido',
        title: { es: '₲ 20.000 menos en cargadores rápidos', en: '₲ 20,000 off fast chargers' },
        description: { es: 'De 30 W o más, para el celular y la notebook.', en: '30 W and up, for phone and laptop.' },
        terms: { es: 'Un cargador por persona.', en: 'One charger per person.' },
        discount: { type: 'fixed_amount', amountMinor: 20000, currency: 'PYG' },
        validFrom: '2025-03-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'parlantes',
        title: { es: '12% en parlantes portátiles', en: '12% off portable speakers' },
        description: {
          es: 'Para que la polca se escuche hasta la otra cuadra.',
          en: 'So the polka carries to the next block.',
        },
        terms: { es: 'Descuento máximo ₲ 120.000.', en: 'Maximum discount ₲ 120,000.' },
        discount: { type: 'percentage', percent: 12, capMinor: 120000, currency: 'PYG' },
        validFrom: '2025-07-10',
        validUntil: null,
      },
      {
        slug: 'aniversario-en-preparacion',
        title: { es: 'Aniversario: 18% en toda la tienda', en: 'Anniversary: 18% off the whole shop' },
        description: {
          es: 'Una semana para festejar con enchufe propio.',
          en: 'A week of celebration, plugs included.',
        },
        terms: { es: 'Fechas por confirmar.', en: 'Dates to be confirmed.' },
        discount: { type: 'percentage', percent: 18 },
        validFrom: '2026-06-01',
        validUntil: '2030-12-31',
        state: 'draft',
      },
    ],
  },
  {
    slug: 'odontologia-tai-pora',
    sourceLanguage: 'es',
    category: 'dentist',
    name: { es: 'Odontología Tãi Porã' },
    description: {
      es: 'Consultorio familiar que te explica todo antes de prender el torno.',
      en: 'A family practice that explains everything before switching on the drill.',
      gn: 'Roñangareko nde rãi rehe mbeguekatu.',
    },
    phone: '+595 21 555 0121',
    locations: [
      {
        slug: 'herrera',
        latitude: -25.28629,
        longitude: -57.6337,
        street: 'Luis Alberto de Herrera 412 c/ Iturbe',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '07:30', '12:00'],
          ['Mo-Fr', '14:30', '19:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'limpieza-dental',
        title: {
          es: 'Limpieza dental a ₲ 120.000',
          en: 'Dental cleaning for ₲ 120,000',
          gn: 'Tãi ñemopotĩ 120.000 guaraníme',
        },
        description: {
          es: 'Ultrasonido, pulido y una clase de cepillado que no vas a olvidar.',
          en: 'Ultrasound, polishing and a brushing lesson you will not forget.',
        },
        terms: { es: 'Con turno. Incluye revisión.', en: 'By appointment. Check-up included.' },
        discount: { type: 'fixed_price', amountMinor: 120000, currency: 'PYG' },
        validFrom: '2025-01-10',
        validUntil: '2030-12-31',
      },
      {
        slug: 'primera-consulta-infantil',
        title: {
          es: 'Primera consulta infantil sin costo',
          en: "Free first children's check-up",
        },
        description: {
          es: 'Diagnóstico, conteo de dientes y un cepillo de regalo.',
          en: 'Diagnosis, tooth count and a toothbrush to keep.',
        },
        terms: { es: 'Menores de 10 años.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-04-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'gimnasio-mbarete',
    sourceLanguage: 'es',
    category: 'gym',
    name: { es: 'Gimnasio Mbarete', en: 'Mbarete Gym' },
    description: {
      es: 'Pesas, funcional y boxeo con entrenadores que se saben tu nombre.',
      en: 'Weights, functional training and boxing with coaches who know your name.',
    },
    phone: '+595 21 555 0122',
    website: 'https://gimnasiombarete.example',
    locations: [
      {
        slug: 'centro',
        latitude: -25.2859,
        longitude: -57.63634,
        street: 'Fulgencio R. Moreno c/ Independencia Nacional',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '05:30', '22:30'],
          ['Sa', '07:00', '18:00'],
        ],
      },
      {
        slug: 'villa-morra',
        latitude: -25.2957,
        longitude: -57.5771,
        street: 'Senador Long c/ Teniente Vera',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '05:00', '23:00'],
          ['Sa', '07:00', '19:00'],
          ['Su', '08:00', '13:00'],
        ],
      },
      {
        slug: 'recoleta',
        latitude: -25.2909,
        longitude: -57.5931,
        street: 'Av. Mariscal López 2380, Recoleta',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '05:30', '22:00'],
          ['Sa', '07:00', '14:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'semana-de-prueba',
        title: { es: 'Una semana de prueba gratis', en: 'One free trial week', gn: 'Peteĩ arapokõindy rei' },
        description: {
          es: 'Siete días de acceso completo, sin matrícula y sin letra chica.',
          en: 'Seven days of full access, no joining fee and no small print.',
        },
        terms: { es: 'Solo personas nuevas, una vez por documento.', en: 'New members only, once per ID.' },
        discount: { type: 'free_item', quantity: 7 },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'matricula-cero',
        title: { es: '₲ 80.000 menos: matrícula bonificada', en: '₲ 80,000 off: joining fee waived' },
        description: {
          es: 'Empezá el trimestre sin pagar la inscripción.',
          en: 'Start your quarter without paying to join.',
        },
        terms: { es: 'Contratando un plan trimestral.', en: 'With a quarterly plan.' },
        discount: { type: 'fixed_amount', amountMinor: 80000, currency: 'PYG' },
        validFrom: '2026-01-05',
        validUntil: '2030-12-31',
        locations: ['centro', 'recoleta'],
      },
      {
        slug: 'plan-de-a-dos',
        title: {
          es: '25% entrenando de a dos',
          en: '25% off when you train as a pair',
          gn: 'Mokõi oñondive: 25% oñemboguejy',
        },
        description: {
          es: 'Con pareja, amiga o hermano: nadie falta si el otro lo espera.',
          en: 'Partner, friend or brother: nobody skips when the other is waiting.',
        },
        terms: { es: 'Ambos deben inscribirse el mismo día.' },
        discount: { type: 'percentage', percent: 25 },
        validFrom: '2025-08-01',
        validUntil: null,
        locations: ['villa-morra'],
      },
    ],
  },
  {
    slug: 'academia-arasa',
    sourceLanguage: 'es',
    category: 'education',
    name: { es: 'Academia Arasá' },
    description: {
      es: 'Guaraní para extranjeros, inglés para viajeros y guitarra para todos.',
      en: 'Guaraní for newcomers, English for travellers and guitar for everyone.',
      gn: "Avañe'ẽ, inglyesñe'ẽ ha mbaraka ñembo'e.",
    },
    phone: '+595 21 555 0123',
    locations: [
      {
        slug: 'manuel-dominguez',
        latitude: -25.28787,
        longitude: -57.63414,
        street: 'Manuel Domínguez 455 c/ Iturbe',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '08:00', '12:00'],
          ['Mo-Fr', '15:00', '21:00'],
          ['Sa', '08:00', '12:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'clase-de-guarani',
        title: {
          es: 'Primera clase de guaraní gratis',
          en: 'First Guaraní lesson free',
          gn: "Avañe'ẽ mbo'epy peteĩha rei",
        },
        description: {
          es: 'Salís saludando, pidiendo tereré y contando hasta cinco.',
          en: 'You leave able to greet, ask for tereré and count to five.',
          gn: "Reñe'ẽkuaáta: mba'éichapa, terere ha peteĩ guive po peve.",
        },
        terms: { es: 'Cupos limitados, con inscripción previa.', en: 'Limited places, sign up first.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-02-03',
        validUntil: null,
      },
      {
        slug: 'curso-de-guitarra',
        title: {
          es: 'Curso de guitarra: 20% el primer mes',
          en: 'Guitar course: 20% off the first month',
          gn: "Mbaraka ñembo'e 20% oñemboguejy",
        },
        description: {
          es: 'De los tres acordes a tu primera guarania.',
          en: 'From three chords to your first guarania.',
        },
        terms: { es: 'Guitarra en préstamo sujeta a disponibilidad.', en: 'Loan guitars subject to availability.' },
        discount: { type: 'percentage', percent: 20 },
        validFrom: '2025-03-01',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'optica-tesa',
    sourceLanguage: 'es',
    category: 'optician',
    name: { es: 'Óptica Tesa' },
    description: {
      es: 'Armazones livianos, cristales en 48 horas y ajuste gratuito de por vida.',
      en: 'Light frames, lenses in 48 hours and free adjustment for life.',
    },
    phone: '+595 21 555 0124',
    locations: [
      {
        slug: 'asuncion-chile',
        latitude: -25.28348,
        longitude: -57.63598,
        street: 'Chile 481 c/ Oliva',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '08:00', '18:00'],
          ['Sa', '08:00', '12:00'],
        ],
      },
      {
        slug: 'ciudad-del-este-boqueron',
        latitude: -25.5106,
        longitude: -54.6151,
        street: 'Boquerón c/ Av. Adrián Jara',
        ...inCiudadDelEste,
        hours: [
          ['Mo-Fr', '07:30', '17:00'],
          ['Sa', '07:30', '13:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'armazon-y-cristales',
        title: { es: '₲ 100.000 menos en lentes completos', en: '₲ 100,000 off complete glasses' },
        description: {
          es: 'Armazón más cristales antirreflejo, listos en dos días.',
          en: 'Frame plus anti-reflective lenses, ready in two days.',
        },
        terms: {
          es: 'En compras desde ₲ 500.000, con receta.',
          en: 'On purchases from ₲ 500,000, prescription required.',
        },
        discount: { type: 'fixed_amount', amountMinor: 100000, currency: 'PYG' },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'lentes-de-sol',
        title: { es: '35% en lentes de sol', en: '35% off sunglasses' },
        description: {
          es: 'Filtro UV 400 y armazones que aguantan la mochila.',
          en: 'UV 400 filter and frames that survive the backpack.',
        },
        terms: { es: 'Modelos señalizados.', en: 'Marked models only.' },
        discount: { type: 'percentage', percent: 35 },
        validFrom: '2025-10-01',
        validUntil: null,
        locations: ['asuncion-chile'],
      },
    ],
  },
];
