// A page that loads the script twice has the element once.

import { OnrampRecommendations } from "./element.js";

const NAME = "onramp-recommendations";
if (!customElements.get(NAME)) customElements.define(NAME, OnrampRecommendations);
