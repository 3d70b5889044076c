import { inAsuncion, inCiudadDelEste, inEncarnacion } from './places.ts';
import type { SeedBusiness } from './types.ts';

/** The old town towards the port: Colón, Ayolas, 15 de Agosto and Loma San Jerónimo. */
export const asuncionPuerto: readonly SeedBusiness[] = [
  {
    slug: 'cafe-del-puerto',
    sourceLanguage: 'es',
    category: 'cafe',
    name: { es: 'Café del Puerto' },
    description: {
      es: 'Café de especialidad, chipa recién horneada y ventanales a la calle Palma desde 1998.',
      en: 'Specialty coffee, chipa straight from the oven and big windows onto Palma street since 1998.',
      gn: 'Kafe hyakuãvúva ha chipa aku Palma tapépe.',
    },
    phone: '+595 21 555 0101',
    website: 'https://cafedelpuerto.example',
    locations: [
      {
        slug: 'palma',
        latitude: -25.28044,
        longitude: -57.63895,
        street: 'Palma 764 c/ Ayolas',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '06:30', '20:30'],
          ['Sa', '07:00', '21:00'],
          ['Su', '08:00', '13:00'],
        ],
      },
      {
        slug: 'costanera',
        latitude: -25.27695,
        longitude: -57.6318,
        street: 'Av. Costanera José Asunción Flores c/ Independencia Nacional',
        ...inAsuncion,
        hours: [['Tu-Su', '15:30', '23:00']],
      },
    ],
    vouchers: [
      {
        slug: 'dos-por-uno-capuchino',
        title: {
          es: '2x1 en capuchinos hasta las 10',
          en: 'Two cappuccinos for the price of one before 10',
          gn: 'Mokõi capuchino peteĩ repykuére',
        },
        description: {
          es: 'Traé a quien todavía no despertó: pedís un capuchino y el segundo va por nuestra cuenta.',
          en: 'Bring whoever is not awake yet: order one cappuccino and the second is on us.',
        },
        terms: {
          es: 'De lunes a viernes, de 06:30 a 10:00. Una vez por persona y por día.',
          en: 'Monday to Friday, 06:30 to 10:00. Once per person per day.',
        },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-03-01',
        validUntil: '2030-12-31',
        locations: ['palma'],
      },
      {
        slug: 'desayuno-paraguayo',
        title: {
          es: 'Desayuno paraguayo completo a ₲ 25.000',
          en: 'Full Paraguayan breakfast for ₲ 25,000',
          gn: 'Kafe, chipa ha mbeju 25.000 guaraníme',
        },
        description: {
          es: 'Cocido o café con leche, dos chipas, mbejú y jugo de naranja exprimido en el momento.',
          en: 'Cocido or coffee with milk, two chipas, mbejú and freshly squeezed orange juice.',
          gn: 'Eju ejapo nde rambosa orendive: kafe kamby reheve, mokõi chipa ha mbeju aku.',
        },
        terms: { es: 'Hasta las 11:00. No incluye delivery.', en: 'Until 11:00. Delivery not included.' },
        discount: { type: 'fixed_price', amountMinor: 25000, currency: 'PYG' },
        validFrom: '2025-01-15',
        validUntil: null,
      },
      {
        slug: 'tarde-de-rio',
        title: { es: '20% en la merienda frente a la bahía', en: '20% off afternoon tea by the bay' },
        description: {
          es: 'Tortas caseras, jugos y la mejor puesta de sol de la Costanera.',
          en: 'Homemade cakes, juices and the best sunset on the Costanera.',
        },
        terms: {
          es: 'Consumo mínimo de ₲ 40.000. Descuento máximo ₲ 30.000.',
          en: 'Minimum spend ₲ 40,000. Maximum discount ₲ 30,000.',
        },
        discount: { type: 'percentage', percent: 20, capMinor: 30000, currency: 'PYG' },
        validFrom: '2025-09-01',
        validUntil: '2030-12-31',
        locations: ['costanera'],
      },
    ],
  },
  {
    slug: 'copetin-la-balsa',
    sourceLanguage: 'es',
    category: 'traditional-food',
    name: { es: 'Copetín La Balsa' },
    description: {
      es: 'Barra de azulejos frente a la Recova: empanadas, bife koygua y caldo de pescado como en la época de los barcos.',
      en: 'A tiled counter facing the Recova: empanadas, bife koygua and fish broth as in the days of the riverboats.',
      gn: "Ñande rembi'u teete ygarata rupa ypýpe.",
    },
    phone: '+595 21 555 0102',
    locations: [
      {
        slug: 'colon',
        latitude: -25.27855,
        longitude: -57.64058,
        street: 'Colón 225 c/ Presidente Franco',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '05:30', '15:00'],
          ['Mo-Fr', '17:30', '22:00'],
          ['Sa', '06:00', '15:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'plato-del-dia',
        title: {
          es: 'Plato del día a ₲ 20.000',
          en: 'Dish of the day for ₲ 20,000',
          gn: "Ára rembi'u 20.000 guaraníme",
        },
        description: {
          es: 'Vori vori, puchero o guiso de fideo con carne: preguntá qué salió de la olla hoy.',
          en: 'Vori vori, puchero or beef noodle stew: ask what came out of the pot today.',
        },
        terms: {
          es: 'De lunes a viernes al mediodía, hasta agotar la olla.',
          en: 'Weekday lunchtimes, until the pot is empty.',
        },
        discount: { type: 'fixed_price', amountMinor: 20000, currency: 'PYG' },
        validFrom: '2025-02-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'tercera-empanada',
        title: {
          es: 'Comprando dos empanadas, la tercera es gratis',
          en: 'Buy two empanadas, get the third free',
          gn: 'Rejoguáramo mokõi empanada, peteĩ rei',
        },
        description: {
          es: 'De carne, de mandioca o de jamón y queso, siempre con su pancito.',
          en: 'Beef, cassava or ham and cheese, always served with a bread roll.',
        },
        terms: { es: 'Una promoción por mesa.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-05-14',
        validUntil: null,
      },
      {
        slug: 'caldo-de-surubi',
        title: {
          es: '₲ 10.000 menos en el caldo de surubí',
          en: '₲ 10,000 off the surubí broth',
          gn: "Surubi kaldo: 10.000 guarani sa'ive",
        },
        description: {
          es: 'Receta de la abuela Ramona, con queso Paraguay y pan galleta.',
          en: "Grandma Ramona's recipe, with Paraguay cheese and galleta bread.",
        },
        terms: { es: 'Válido viernes y sábados.', en: 'Valid on Fridays and Saturdays.' },
        discount: { type: 'fixed_amount', amountMinor: 10000, currency: 'PYG' },
        validFrom: '2025-04-01',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'parrilla-don-cayetano',
    sourceLanguage: 'es',
    category: 'grill',
    name: { es: 'Parrilla Don Cayetano' },
    description: {
      es: 'Asado a la estaca y cortes a la leña en un patio con parralera, a dos cuadras de Palma.',
      en: 'Stake-roasted beef and wood-fired cuts in a vine-covered courtyard two blocks from Palma.',
    },
    phone: '+595 21 555 0103',
    locations: [
      {
        slug: 'general-diaz',
        latitude: -25.28327,
        longitude: -57.63861,
        street: 'General Díaz 648 c/ 15 de Agosto',
        ...inAsuncion,
        hours: [
          ['Tu-Su', '11:00', '15:00'],
          ['Tu-Th', '19:00', '23:30'],
          ['Fr,Sa', '19:00', '01:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'parrillada-para-dos',
        title: {
          es: 'Parrillada para dos con 25% de descuento',
          en: '25% off the mixed grill for two',
          gn: "So'o ka'ẽ mokõivape g̃uarã: 25% oñemboguejy",
        },
        description: {
          es: 'Costilla, vacío, chorizo y morcilla con mandioca y sopa paraguaya. Vengan con hambre.',
          en: 'Ribs, flank, chorizo and black pudding with cassava and sopa paraguaya. Come hungry.',
        },
        terms: {
          es: 'De martes a jueves. Descuento máximo ₲ 50.000.',
          en: 'Tuesday to Thursday. Maximum discount ₲ 50,000.',
        },
        discount: { type: 'percentage', percent: 25, capMinor: 50000, currency: 'PYG' },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'ensalada-de-la-casa',
        title: { es: 'Ensalada de la casa sin cargo', en: 'House salad on us' },
        description: {
          es: 'Con cualquier corte a la parrilla te ponemos la ensalada: rúcula, tomate perita y queso Paraguay.',
          en: 'Order any grilled cut and the salad is ours: rocket, plum tomato and Paraguay cheese.',
        },
        terms: { es: 'Una ensalada por mesa.', en: 'One salad per table.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-06-01',
        validUntil: null,
      },
      {
        slug: 'regalo-parrillero',
        title: {
          es: 'Vale de regalo parrillero de ₲ 200.000',
          en: 'Grill gift voucher worth ₲ 200,000',
        },
        description: {
          es: 'Para el cumpleañero que ya tiene de todo menos un buen asado.',
          en: 'For the birthday person who has everything except a proper asado.',
        },
        terms: { es: 'El saldo se puede usar en varias visitas. No canjeable por efectivo.' },
        discount: { type: 'gift_balance', amountMinor: 200000, currency: 'PYG' },
        validFrom: '2025-08-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'panaderia-na-eustaquia',
    sourceLanguage: 'es',
    category: 'bakery',
    name: { es: 'Panadería Ña Eustaquia' },
    description: {
      es: 'Coquitos, galleta cuartel y pan felipe a toda hora, con horno a leña y tres generaciones de panaderos.',
      en: 'Coquitos, galleta cuartel and felipe rolls at all hours, from a wood oven and three generations of bakers.',
      gn: 'Mbujape, kokito ha galleta aku opaite ára.',
    },
    phone: '+595 21 555 0104',
    locations: [
      {
        slug: 'estrella',
        latitude: -25.28065,
        longitude: -57.64047,
        street: 'Estrella 892 c/ Montevideo',
        ...inAsuncion,
        hours: [
          ['Mo-Sa', '05:00', '20:00'],
          ['Su', '05:30', '12:30'],
        ],
      },
      {
        slug: 'mercado-4',
        latitude: -25.2971,
        longitude: -57.6224,
        street: 'Av. Silvio Pettirossi c/ Rodríguez de Francia',
        ...inAsuncion,
        hours: [
          ['Mo-Sa', '04:30', '18:30'],
          ['Su', '05:00', '13:00'],
        ],
      },
      {
        slug: 'sajonia',
        latitude: -25.2898,
        longitude: -57.6561,
        street: 'Av. Carlos Antonio López 1420 c/ Alejo García',
        ...inAsuncion,
        hours: [
          ['Mo-Sa', '05:30', '12:30'],
          ['Mo-Sa', '15:00', '20:30'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'docena-de-chipas',
        title: {
          es: 'Docena de chipas a ₲ 30.000',
          en: 'A dozen chipas for ₲ 30,000',
          gn: 'Chipa 12 oĩva 30.000 guaraníme',
        },
        description: {
          es: 'Calentitas, con almidón y mucho queso, listas para el termo de cocido.',
          en: 'Warm, with cassava starch and plenty of cheese, ready for a flask of cocido.',
        },
        terms: { es: 'Válido en todas las sucursales.', en: 'Valid at every branch.' },
        discount: { type: 'fixed_price', amountMinor: 30000, currency: 'PYG' },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'pan-de-la-tarde',
        title: {
          es: '30% en pan a partir de las 18',
          en: '30% off bread after 6 pm',
        },
        description: {
          es: 'Lo que salió del horno hoy se va hoy: llevá pan fresco a mejor precio y que no se tire nada.',
          en: 'What was baked today goes today: take fresh bread home for less and nothing goes to waste.',
        },
        terms: { es: 'Desde las 18:00. No incluye tortas.', en: 'From 18:00. Cakes not included.' },
        discount: { type: 'percentage', percent: 30 },
        validFrom: '2025-03-15',
        validUntil: null,
        locations: ['estrella', 'sajonia'],
      },
      {
        slug: 'cocido-de-yapa',
        title: { es: 'Cocido quemado de yapa', en: 'A cup of cocido on the house', gn: 'Kosido rei ne mbujape ndive' },
        description: {
          es: 'Con tu compra desde ₲ 10.000 te servimos un cocido quemado con leche.',
          en: 'Spend ₲ 10,000 and we pour you a cup of burnt-sugar mate with milk.',
          gn: "Rejoguáramo 10.000 guarani guive, rome'ẽta ndéve kosido kamby reheve.",
        },
        terms: { es: 'Hasta las 09:00, una taza por compra.', en: 'Until 09:00, one cup per purchase.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-05-01',
        validUntil: '2030-12-31',
        locations: ['mercado-4'],
      },
      {
        slug: 'torta-de-cumple',
        title: { es: '₲ 25.000 de descuento en tortas por encargo', en: '₲ 25,000 off cakes made to order' },
        description: {
          es: 'Dulce de leche, merengue o selva negra: contanos la edad y nosotros ponemos las velitas.',
          en: 'Dulce de leche, meringue or black forest: tell us the age and we bring the candles.',
        },
        terms: { es: 'Encargos con 48 horas de anticipación, desde 2 kg.' },
        discount: { type: 'fixed_amount', amountMinor: 25000, currency: 'PYG' },
        validFrom: '2025-07-01',
        validUntil: '2030-12-31',
        locations: ['estrella'],
      },
    ],
  },
  {
    slug: 'farmacia-ysyry',
    sourceLanguage: 'es',
    category: 'pharmacy',
    name: { es: 'Farmacia Ysyry', en: 'Ysyry Pharmacy', gn: 'Pohã Ñemuha Ysyry' },
    description: {
      es: 'Farmacia de turno permanente, con laboratorio de preparados y yuyos medicinales.',
      en: 'Always on duty, with its own compounding laboratory and medicinal herbs.',
      gn: 'Pohã ha pohã ñana, ára ha pyhare.',
    },
    phone: '+595 21 555 0105',
    website: 'https://farmaciaysyry.example',
    locations: [
      {
        slug: 'oliva',
        latitude: -25.28237,
        longitude: -57.63864,
        street: 'Oliva 702 esq. 15 de Agosto',
        ...inAsuncion,
        hours: [['Mo-Su', '00:00', '24:00']],
      },
      {
        slug: 'villa-morra',
        latitude: -25.2948,
        longitude: -57.5779,
        street: 'Av. Mariscal López 3980 c/ Cruz del Defensor',
        ...inAsuncion,
        hours: [['Mo-Su', '07:00', '23:00']],
      },
      {
        slug: 'encarnacion',
        latitude: -27.3312,
        longitude: -55.8667,
        street: 'Mcal. Estigarribia c/ 14 de Mayo',
        ...inEncarnacion,
        hours: [
          ['Mo-Sa', '07:00', '22:00'],
          ['Su', '08:00', '13:00'],
        ],
      },
      {
        slug: 'ciudad-del-este',
        latitude: -25.5108,
        longitude: -54.6122,
        street: 'Av. Adrián Jara c/ Curupayty',
        ...inCiudadDelEste,
        hours: [['Mo-Sa', '06:30', '20:00']],
      },
    ],
    vouchers: [
      {
        slug: 'dermocosmetica',
        category: 'beauty-and-health',
        title: { es: '20% en dermocosmética y protector solar', en: '20% off skincare and sunscreen' },
        description: {
          es: 'Porque el sol de enero no perdona: protectores, hidratantes y after sun.',
          en: 'Because the January sun shows no mercy: sunscreen, moisturisers and after-sun.',
        },
        terms: {
          es: 'No acumulable con descuentos de obra social. Tope ₲ 60.000.',
          en: 'Cannot be combined with insurance discounts. Capped at ₲ 60,000.',
        },
        discount: { type: 'percentage', percent: 20, capMinor: 60000, currency: 'PYG' },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'control-de-presion',
        title: {
          es: 'Control de presión y glucemia sin costo',
          en: 'Free blood pressure and glucose check',
        },
        description: {
          es: 'Cinco minutos en el gabinete y te vas con tus valores anotados.',
          en: 'Five minutes in the cabin and you leave with your readings in writing.',
        },
        terms: {
          es: 'Lunes a viernes de 08:00 a 11:00, por orden de llegada.',
          en: 'Monday to Friday, 08:00 to 11:00, first come first served.',
        },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-02-01',
        validUntil: null,
        locations: ['oliva', 'villa-morra'],
      },
      {
        slug: 'yuyos-para-el-terere',
        title: {
          es: 'Mezcla de yuyos para tereré a ₲ 5.000',
          en: 'Tereré herb mix for ₲ 5,000',
          gn: 'Pohã ñana terererã 5.000 guaraníme',
        },
        description: {
          es: "Kokú, menta'i, cedrón kapi'i y burrito, machacados en el momento en el mortero.",
          en: 'Kokú, mint, lemongrass and burrito, pounded while you wait.',
          gn: "Koku, menta'i, sedrõ kapi'i ha burríto, ojejosóva nde renondépe.",
        },
        terms: { es: 'Una mezcla por día.', en: 'One mix per day.', gn: "Peteĩ jehe'a peteĩ árape." },
        discount: { type: 'fixed_price', amountMinor: 5000, currency: 'PYG' },
        validFrom: '2025-10-01',
        validUntil: null,
        locations: ['oliva', 'encarnacion'],
      },
      {
        slug: 'panales-por-bulto',
        title: { es: '₲ 15.000 menos en pañales por bulto', en: '₲ 15,000 off nappies by the bale' },
        description: {
          es: 'De recién nacido a XXG, y te lo llevamos hasta el auto.',
          en: 'From newborn to XXL, and we carry it to your car.',
        },
        terms: { es: 'Compras desde ₲ 120.000.' },
        discount: { type: 'fixed_amount', amountMinor: 15000, currency: 'PYG' },
        validFrom: '2025-04-01',
        validUntil: '2030-12-31',
        locations: ['ciudad-del-este', 'encarnacion'],
      },
    ],
  },
  {
    slug: 'bar-el-farolito-del-rio',
    sourceLanguage: 'es',
    category: 'bar',
    name: { es: 'Bar El Farolito del Río' },
    description: {
      es: 'Coctelería de autor en una casona de 1890, con guitarra en vivo los viernes.',
      en: 'Signature cocktails in an 1890 townhouse, with live guitar on Fridays.',
    },
    phone: '+595 21 555 0108',
    locations: [
      {
        slug: 'presidente-franco',
        latitude: -25.27958,
        longitude: -57.63889,
        street: 'Presidente Franco 834 c/ Ayolas',
        ...inAsuncion,
        hours: [
          ['Tu-Th', '18:00', '01:00'],
          ['Fr,Sa', '18:00', '04:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'happy-hour',
        title: {
          es: 'Happy hour: 2x1 en tragos con caña',
          en: 'Happy hour: two-for-one caña cocktails',
        },
        description: {
          es: 'Caña añeja, pomelo y burrito fresco: la bahía en un vaso.',
          en: 'Aged caña, grapefruit and fresh burrito leaves: the bay in a glass.',
        },
        terms: { es: 'De 18:00 a 20:30. Solo mayores de 18 años.', en: '18:00 to 20:30. Over-18s only.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-03-07',
        validUntil: '2030-12-31',
      },
      {
        slug: 'tabla-para-cuatro',
        category: 'restaurant',
        title: { es: '₲ 30.000 menos en la tabla para cuatro', en: '₲ 30,000 off the platter for four' },
        description: {
          es: 'Quesos de las colonias, chorizo sanjuanino y butifarra con mandioca frita.',
          en: 'Cheeses from the colonies, chorizo sanjuanino and butifarra with fried cassava.',
        },
        terms: { es: 'De martes a jueves.' },
        discount: { type: 'fixed_amount', amountMinor: 30000, currency: 'PYG' },
        validFrom: '2025-05-20',
        validUntil: null,
      },
      {
        slug: 'noche-de-san-juan-2025',
        title: {
          es: 'Noche de San Juan 2025: 25% en la carta',
          en: 'San Juan night 2025: 25% off the menu',
          gn: 'San Juan ára 2025: 25% oñemboguejy',
        },
        description: {
          es: 'Pajagua mascada, mbejú y pelota tatá en el patio.',
          en: 'Pajagua mascada, mbejú and fireball football in the courtyard.',
        },
        terms: { es: 'Válido en junio de 2025.', en: 'Valid in June 2025.' },
        discount: { type: 'percentage', percent: 25 },
        validFrom: '2025-06-01',
        validUntil: '2025-06-30',
      },
    ],
  },
  {
    slug: 'museo-casa-del-tranvia',
    sourceLanguage: 'es',
    category: 'museum',
    name: { es: 'Museo Casa del Tranvía', en: 'Tram House Museum' },
    description: {
      es: 'Un tranvía de 1913 para subirse, planos de la ciudad y las voces de sus conductores.',
      en: 'A 1913 tram you can board, old city maps and the voices of its drivers.',
    },
    locations: [
      {
        slug: 'benjamin-constant',
        latitude: -25.27934,
        longitude: -57.63725,
        street: 'Benjamín Constant 763 c/ 15 de Agosto',
        ...inAsuncion,
        hours: [
          ['We-Fr', '09:00', '17:00'],
          ['Sa,Su', '10:00', '18:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'entrada-familiar',
        title: {
          es: 'Entrada familiar a ₲ 30.000',
          en: 'Family ticket for ₲ 30,000',
          gn: 'Ogayguápe g̃uarã: jeike 30.000 guaraníme',
        },
        description: {
          es: 'Dos grandes, tres chicos y una vuelta imaginaria hasta San Lorenzo.',
          en: 'Two adults, three children and an imaginary ride to San Lorenzo.',
        },
        terms: { es: 'Hasta cinco personas.', en: 'Up to five people.' },
        discount: { type: 'fixed_price', amountMinor: 30000, currency: 'PYG' },
        validFrom: '2025-03-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'estudiantes',
        title: { es: '50% para estudiantes', en: 'Students half price', gn: "50% oñemboguejy temimbo'ekuérape" },
        description: { es: 'Con carnet vigente de colegio o universidad.', gn: "Eguerúke nde kuatia temimbo'e." },
        terms: { es: 'Presentar carnet en la entrada.' },
        discount: { type: 'percentage', percent: 50 },
        validFrom: '2025-03-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'posada-escalinata',
    sourceLanguage: 'es',
    category: 'hotel',
    name: { es: 'Posada Escalinata' },
    description: {
      es: 'Ocho habitaciones de colores en lo alto de la Loma San Jerónimo, con mirador a la bahía.',
      en: 'Eight colourful rooms at the top of Loma San Jerónimo, with a view over the bay.',
    },
    phone: '+595 21 555 0114',
    website: 'https://posadaescalinata.example',
    locations: [
      {
        slug: 'loma',
        latitude: -25.2788,
        longitude: -57.6446,
        street: 'Pasaje San Jerónimo c/ Díaz de Pefaur',
        ...inAsuncion,
        hours: [['Mo-Su', '00:00', '24:00']],
      },
    ],
    vouchers: [
      {
        slug: 'tercera-noche',
        title: {
          es: 'Tercera noche sin cargo',
          en: 'Third night free',
        },
        description: {
          es: 'Quedate un poco más: los vecinos hacen peña los sábados.',
          en: 'Stay a little longer: the neighbours hold a music night on Saturdays.',
        },
        terms: { es: 'Reservas directas, sujeto a disponibilidad.', en: 'Direct bookings, subject to availability.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-02-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'reserva-directa',
        title: { es: '₲ 60.000 menos reservando directo', en: '₲ 60,000 off when you book direct' },
        description: {
          es: 'Sin intermediarios y con desayuno en el mirador.',
          en: 'No middlemen, and breakfast at the lookout.',
        },
        terms: { es: 'Estadía mínima de dos noches.', en: 'Minimum stay two nights.' },
        discount: { type: 'fixed_amount', amountMinor: 60000, currency: 'PYG' },
        validFrom: '2025-01-01',
        validUntil: null,
      },
    ],
  },
];
