# Benchmarks. Included by the root Makefile, which defines MVN; paths are relative to the root.
#
#   make bench                                  the whole table, about half an hour, into docs/performance.md
#   make bench BENCH='--rounds 2 --only floor'  any options; nothing is written without --write
#   make bench-test                             tests of the statistics
#   make live-bench [LIVE='--seconds 60 --rates 0']   what watching processes costs, beside not watching
#   make scan-bench [SCAN='--rules 5000']       redoubt scan beside yara, clamscan and clamdscan
#   make admission-bench [ADMISSION='--rules 4000']  how long bundles take at the door
#   make activation-bench [ACTIVATION='--activations 10 --rounds 1']  what programs feel of other content
#   make fleet-bench [FLEET='--hosts 2000 --seconds 10']   what a fleet's server takes for many hosts
#   make soak [SOAK='--minutes 5']             a day of a host in an hour: does anything grow?
#   make first-block                           from git clone to a program that is denied
#   make sigma-speed RULES=DIR RECORDING=FILE|FOLDER   Sigma rules over JSON lines, beside
#                                                         its yardsticks; or over a folder of EVTX
#   make jmh [JMH='regular expression and options']

BENCHMARKS := testing/benchmarks
BENCH_PYTHON := PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$(BENCHMARKS)/src/main/python python3
BENCH_CLASSES = $(MVN) -q -pl $(BENCHMARKS) -am -DskipTests -Dspotless.check.skip package
BENCH_JAVA = . packaging/libexec/find-jdk.sh && redoubt_find_java java && \
  "$$java_home/bin/java" -cp "$$(cat $(BENCHMARKS)/target/classpath):$(BENCHMARKS)/target/classes"
BENCH ?= --write
JMH ?= -f 1 -wi 3 -w 1 -i 5 -r 1

.PHONY: activation-bench admission-bench bench bench-test first-block fleet-bench jmh live-bench scan-bench sigma-speed soak

bench:
	$(BENCH_PYTHON) -m hostbench $(BENCH)

live-bench:
	$(BENCH_PYTHON) -m livebench $(LIVE)

scan-bench:
	$(BENCH_PYTHON) -m scanbench $(SCAN)

admission-bench:
	$(BENCH_PYTHON) -m admissionbench $(ADMISSION)

activation-bench:
	$(BENCH_CLASSES)
	rm -rf build/bench/activation && mkdir -p build/bench/activation
	$(BENCH_JAVA) redoubt.testing.benchmarks.ActivationBundles build/bench/activation 110
	$(BENCH_PYTHON) -m activationbench build/bench/activation $(ACTIVATION)

fleet-bench:
	$(BENCH_CLASSES)
	./redoubt --build
	. packaging/libexec/find-jdk.sh && redoubt_find_java java && $(BENCH_PYTHON) -m fleetbench \
	  --java "$$java_home/bin/java" \
	  --classpath "$$(cat $(BENCHMARKS)/target/classpath):$(BENCHMARKS)/target/classes" $(FLEET)

first-block:
	$(BENCHMARKS)/first-block

soak:
	./redoubt --build
	$(BENCH_PYTHON) -m soak $(SOAK)

bench-test:
	$(BENCH_PYTHON) -m unittest discover -s $(BENCHMARKS)/src/test/python

jmh:
	$(BENCH_CLASSES)
	$(BENCH_JAVA) org.openjdk.jmh.Main $(JMH)

sigma-speed:
	$(BENCH_CLASSES)
	$(BENCH_JAVA) redoubt.testing.benchmarks.SigmaSpeed "$(RULES)" "$(RECORDING)"
