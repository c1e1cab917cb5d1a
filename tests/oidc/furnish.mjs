// furnish.mjs HOUSE PROVIDER: an empty glewlwyd gets its protocol, our client and two people.
import { Glewlwyd } from "./lib.mjs";

const [house, provider] = process.argv.slice(2);
await new Glewlwyd(provider).furnish(house);
console.log("done");
