// A page that only offers to sign out.

import "./ask.js";
