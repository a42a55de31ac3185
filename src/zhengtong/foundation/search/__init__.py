"""One index for everything readable, over character bigrams, answering each reader only what he may see."""
