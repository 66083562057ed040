"""The rulers of the benchmarks, without the long measuring."""
