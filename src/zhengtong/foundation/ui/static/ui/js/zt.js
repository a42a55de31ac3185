// Progressive enhancement only: without this file every page still does its whole job.
import { startFocus, startCounts, startCopy, startLate, startUnsaved } from "./page.js";
import { startSearch } from "./search.js";
import { startSpeech } from "./speech.js";
import { startTable } from "./table.js";

startFocus();
startCounts();
startCopy();
startLate();
startUnsaved();
startSearch();
startSpeech();
startTable();
document.documentElement.dataset.script = "on";
