"""The parts of `./run bench room`: the engines, the clients in C, what is measured and how it is told."""
