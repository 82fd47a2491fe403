/** Something that another subgraph owns, known here by its id. */
export interface Reference {
  id: string;
}
