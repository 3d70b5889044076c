import type { HoursLine, SeedDiscount } from '@pika/database';

/** Texts by language: Spanish, the source, and English are always there. */
type Texts = Readonly<{ es: string; en: string } & Partial<Record<'fr' | 'gn' | 'vi', string>>>;

export interface DemoTemplate {
  slug: string;
  title: Texts;
  description: Texts;
  terms: Texts;
  /** The days and hours that the terms name; without, always. */
  redeemableHours?: readonly HoursLine[];
  /** How often a person may; without, as often as they like. */
  limitPerUser?: number;
  /** `unitMinor` is about the price of a coffee, in minor units of `currency`. */
  discount: (currency: string, unitMinor: number) => SeedDiscount;
}

/** Amounts stand in no text: what the discount is worth goes with the answer, in the currency of the place. */
export const demoTemplates: readonly DemoTemplate[] = [
  {
    slug: 'fifteen-percent',
    title: {
      es: '15 % en toda la cuenta',
      en: '15% off the whole bill',
      fr: '15 % sur toute la note',
      gn: '15 % sa’ive opa mba’ére',
      vi: 'Giảm 15% trên toàn hóa đơn',
    },
    description: {
      es: 'Vale para todo lo que pidas, cualquier día de la semana.',
      en: 'On everything you order, any day of the week.',
      fr: 'Sur tout ce que vous commandez, tous les jours de la semaine.',
      vi: 'Áp dụng cho mọi món, tất cả các ngày trong tuần.',
    },
    terms: {
      es: 'No se suma a otras promociones.',
      en: 'Not combinable with other offers.',
      fr: 'Non cumulable avec d’autres offres.',
    },
    discount: () => ({ type: 'percentage', percent: 15 }),
  },
  {
    slug: 'thirty-percent-capped',
    title: {
      es: '30 % en tu primera visita, con tope',
      en: '30% off your first visit, up to a limit',
      fr: '30 % pour votre première visite, dans une limite',
      vi: 'Giảm 30% cho lần đầu ghé thăm, có giới hạn',
    },
    description: {
      es: 'Una bienvenida para quien todavía no nos conoce.',
      en: 'A welcome for those who do not know us yet.',
      vi: 'Lời chào dành cho khách mới.',
    },
    terms: { es: 'Una vez por persona.', en: 'Once per person.', fr: 'Une fois par personne.' },
    limitPerUser: 1,
    discount: (currency, unitMinor) => ({ type: 'percentage', percent: 30, capMinor: 4 * unitMinor, currency }),
  },
  {
    slug: 'amount-off',
    title: {
      es: 'Un descuento fijo en tu cuenta',
      en: 'A fixed amount off your bill',
      fr: 'Une remise fixe sur votre note',
      gn: 'Ojeipe’a nde cuentagui',
    },
    description: {
      es: 'Mostrá el código antes de pagar y listo.',
      en: 'Show the code before you pay, and that is it.',
      fr: 'Montrez le code avant de payer, c’est tout.',
    },
    terms: {
      es: 'Con un consumo de al menos el doble del descuento.',
      en: 'When you spend at least twice the discount.',
    },
    discount: (currency, unitMinor) => ({ type: 'fixed_amount', amountMinor: 2 * unitMinor, currency }),
  },
  {
    slug: 'second-one-free',
    title: {
      es: 'El segundo va por la casa',
      en: 'The second one is on the house',
      fr: 'Le deuxième est offert',
      gn: 'Mokõiha reiete',
      vi: 'Mua một tặng một',
    },
    description: {
      es: 'Pedí uno y te regalamos otro igual.',
      en: 'Order one and the next of the same is free.',
      vi: 'Mua một phần, tặng thêm một phần cùng loại.',
    },
    terms: {
      es: 'De lunes a jueves.',
      en: 'Monday to Thursday.',
      fr: 'Du lundi au jeudi.',
      vi: 'Từ thứ Hai đến thứ Năm.',
    },
    redeemableHours: [['Mo-Th', '00:00', '24:00']],
    discount: () => ({ type: 'free_item', quantity: 1 }),
  },
  {
    slug: 'fixed-price',
    title: {
      es: 'La recomendación de la casa a precio fijo',
      en: 'The house favourite at a fixed price',
      fr: 'La spécialité de la maison à prix fixe',
      vi: 'Món đặc biệt với giá cố định',
    },
    description: {
      es: 'Lo que más nos piden, para que lo pruebes.',
      en: 'What people ask for most, for you to try.',
    },
    terms: { es: 'Hasta agotar el stock del día.', en: 'While the day’s stock lasts.' },
    discount: (currency, unitMinor) => ({ type: 'fixed_price', amountMinor: 3 * unitMinor, currency }),
  },
  {
    slug: 'gift-balance',
    title: {
      es: 'Saldo de regalo para gastar cuando quieras',
      en: 'A gift balance to spend whenever you like',
      fr: 'Un solde cadeau à dépenser quand vous voulez',
      gn: 'Jopói reipuru hag̃ua reipotávo',
    },
    description: {
      es: 'Se descuenta de a poco, visita a visita.',
      en: 'It goes down bit by bit, visit by visit.',
      fr: 'Il se dépense petit à petit, visite après visite.',
    },
    terms: { es: 'No se cambia por efectivo.', en: 'Not exchangeable for cash.' },
    discount: (currency, unitMinor) => ({ type: 'gift_balance', amountMinor: 20 * unitMinor, currency }),
  },
];
