// Four small subgraphs in the shape of the published gateway benchmark: accounts, products, inventory, reviews, all in memory.
// They bear names for which our gateway has addresses, since it takes those from its settings; every gateway gets the same names.
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const link = '@link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires", "@provides", "@shareable"])';

const accounts = `
  extend schema ${link}
  type Query { me: User users: [User!]! }
  type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }
`;
const products = `
  extend schema ${link}
  type Query { topProducts(first: Int = 9): [Product!]! }
  type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }
`;
const inventory = `
  extend schema ${link}
  type Product @key(fields: "upc") {
    upc: String!
    price: Int @external
    weight: Int @external
    inStock: Boolean
    shippingEstimate: Int @requires(fields: "price weight")
  }
`;
const reviews = `
  extend schema ${link}
  type Review @key(fields: "id") { id: ID! body: String author: User! @provides(fields: "username") product: Product! }
  type User @key(fields: "id") { id: ID! username: String @external reviews: [Review!]! }
  type Product @key(fields: "upc") { upc: String! reviews: [Review!]! }
`;

const people = ['Ada Lovelace', 'Alan Turing', 'Grace Hopper', 'Edsger Dijkstra', 'Barbara Liskov', 'Donald Knuth'].map((name, index) => ({
  id: String(index + 1), name, username: `@${name.toLowerCase().replace(' ', '.')}`, birthday: 1815 + index * 20,
}));
const goods = ['Table', 'Couch', 'Chair', 'Lamp', 'Desk', 'Shelf', 'Carpet', 'Mirror', 'Clock'].map((name, index) => ({
  upc: String(index + 1), name, price: 54 + index * 271, weight: (index * 250) % 1100, inStock: index % 3 !== 2,
}));
const bodies = [
  'It came two days earlier than promised and was put together in an hour. The screws were counted, the drawing was right, and after a year of daily use nothing has come loose. I would buy it again, and have done so for my brother.',
  'Too expensive for what it is. The finish looks good from a distance, but the edges were rough and one of the holes was drilled in the wrong place. Support answered within a day and sent the missing part; that saved a star.',
  'Could be better. The colour is darker than in the pictures and the smell took a week to go away. It does stand firmly, though, and is easy to clean, which with two small children in the house counts for more than its looks.',
  'Prefer something else. We had the model from before this one for ten years and it still stands in the cellar. This one is lighter and moves when somebody leans on it. For a room where nobody leans on anything it will be fine.',
  'As described, and it came in time. The box was large and heavy, so have somebody there to help. What I like most is that every part can be bought alone, so that whatever breaks some day will not mean throwing all of it away.',
];
/** Whose review is of what: a few people write most, and a few products have most. */
const written = [[1, 1], [1, 2], [2, 3], [2, 1], [1, 4], [1, 1], [2, 2], [1, 1], [2, 4], [3, 5], [1, 6]];
const opinions = written.map(([author, product], index) => ({ id: String(index + 1), body: bodies[index % bodies.length], author: String(author), product: String(product) }));

const userOf = (id) => ({ __typename: 'User', id, username: people.find((user) => user.id === id).username });
const reviewOf = ({ id, body, author, product }) => ({ __typename: 'Review', id, body, author: userOf(author), product: { __typename: 'Product', upc: product } });

export const subgraphs = [
  {
    name: 'user', is: 'accounts', typeDefs: parse(accounts),
    resolvers: { Query: { me: () => people[0], users: () => people }, User: { __resolveReference: ({ id }) => people.find((user) => user.id === id) } },
  },
  {
    name: 'project', is: 'products', typeDefs: parse(products),
    resolvers: { Query: { topProducts: (_, { first }) => goods.slice(0, first) }, Product: { __resolveReference: ({ upc }) => goods.find((product) => product.upc === upc) } },
  },
  {
    name: 'task', is: 'inventory', typeDefs: parse(inventory),
    resolvers: {
      Product: {
        __resolveReference: (given) => ({ ...given, inStock: goods.find(({ upc }) => upc === given.upc).inStock }),
        shippingEstimate: ({ price, weight }) => (price > 1_000 ? 0 : Math.round(weight / 2)),
      },
    },
  },
  {
    name: 'channel', is: 'reviews', typeDefs: parse(reviews),
    resolvers: {
      Review: { __resolveReference: ({ id }) => reviewOf(opinions.find((review) => review.id === id)) },
      User: { reviews: ({ id }) => opinions.filter(({ author }) => author === id).map(reviewOf), __resolveReference: ({ id }) => userOf(id) },
      Product: { reviews: ({ upc }) => opinions.filter(({ product }) => product === upc).map(reviewOf) },
    },
  },
];

/** `urls` by name. */
export function composeGraph(urls) {
  const { errors, supergraphSdl } = composeServices(subgraphs.map(({ name, typeDefs }) => ({ name, typeDefs, url: urls[name] })));
  if (errors?.length) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

const deep = `
  fragment User on User { id username name }
  fragment Review on Review { id body }
  fragment Product on Product { inStock name price shippingEstimate upc weight }
  fragment Opinions on Product { reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } }
  query TestQuery {
    users { ...User reviews { ...Review product { ...Product ...Opinions } } }
    topProducts { ...Product ...Opinions }
  }
`;
const small = 'query SmallQuery { topProducts { upc name price weight inStock shippingEstimate reviews { id body } } }';

export const documents = [
  { name: 'deep', body: JSON.stringify({ query: deep, operationName: 'TestQuery' }) },
  { name: 'small', body: JSON.stringify({ query: small, operationName: 'SmallQuery' }) },
];
