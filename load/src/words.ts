// What loaded people, places and tasks are called. Texts are made of few common and many rare words, as texts are.
import type { Random } from './random.js';

const list = (words: string) => words.trim().split(/\s+/);

export const firstNames = list(`ada ben carla david elif frida george hana ivan jana karim lena marco nina omar paula quentin rosa sven tara umut vera wanda yusuf zoe`);
export const lastNames = list(`adler bauer costa diaz ekman fischer gomez huber ito jensen kaya lopez meyer novak oliveira petrov quinn rossi schmidt tanaka urban vogel weber yilmaz ziegler`);
export const timeZones = list(`Europe/Berlin Europe/London America/New_York America/Sao_Paulo Asia/Tokyo Asia/Kolkata Australia/Sydney UTC`);
export const projectNames = list(`Website Billing Mobile Onboarding Search Payments Support Warehouse Analytics Intranet Newsletter Security Hiring Research Logistics Partners Training Compliance Events Office`);
export const channelNames = list(`Neighbourhood Allotment Library Makerspace Choir Marathon Festival Cleanup Chess Foodbank`);
export const labelNames: readonly (readonly [string, string])[] = [
  ['bug', '#d73a4a'], ['feature', '#0e8a16'], ['design', '#5319e7'], ['docs', '#0075ca'], ['customer', '#fbca04'], ['infra', '#555555'], ['quick win', '#bfdadc'], ['waiting', '#e99695'],
];

const verbs = list(`Fix Write Review Plan Update Check Prepare Test Clean Measure Discuss Translate Move Order Replace Design Document Simplify Approve Collect`);
const objects = list(`report invoice form page contract budget dashboard mail backup list survey slide agreement index menu export table server meeting photo template script account calendar payment`);
const contexts = list(`login checkout spring customers auditors board newsletter release onboarding archive website warehouse summer office partners training supplier mobile search support`);

const syllables = list(`ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo za`);
/** Words of descriptions by how common they are; the first one is in nearly every description. */
const vocabulary = [
  ...list(`the please and we with before customer next because until team should still again number everybody data draft version answer question week first note meeting result price error change date check`),
  ...Array.from({ length: 4_000 }, (_, index) => [7, 31, 173].map((factor) => syllables[Math.floor((index * factor) / 3) % syllables.length]).join('') + index.toString(36)),
];

export const title = (random: Random): string => {
  const start = `${random.pick(verbs)} the ${random.pick(objects)}`;
  return random.chance(0.6) ? `${start} for the ${random.pick(contexts)}` : start;
};

export function sentences(random: Random, most: number): string {
  const text: string[] = [];
  for (let count = 1 + random.below(most); count > 0; count -= 1) {
    const words = Array.from({ length: 6 + random.below(10) }, () => vocabulary[Math.floor(random.next() ** 4 * vocabulary.length)] as string);
    text.push(`${(words[0] as string).charAt(0).toUpperCase()}${words.join(' ').slice(1)}.`);
  }
  return text.join(' ');
}
