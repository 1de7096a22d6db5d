# What a developer and continuous integration type. `make check` is the whole truth.

MVN := ./mvnw -B -ntp

include testing/benchmarks/bench.mk
# Silent but for warnings: a warning is why a compilation failed.
QUIET := -Dorg.slf4j.simpleLogger.defaultLogLevel=warn
export MAVEN_OPTS ?= -Xmx1g

.PHONY: check needs compile build shell-check test campaign drills guest format clean

# Everything that must hold; ends with the test runner's own count.
check: needs compile build shell-check test

needs:
	@tools/install-needs test

# Formatting, compilation with every warning an error, and the jars; the shell tests use them.
compile:
	$(MVN) $(QUIET) package -DskipTests

# What ./redoubt would build by itself when it is missing or out of date; tests start it.
build:
	./redoubt --build

shell-check:
	testing/shell/run

# The long campaigns of which `check` runs a sample: hours; stopped, it goes on where it was.
campaign:
	tools/campaign $(ROUNDS)

# Plays every drill, whole and with each stage left out, and writes docs/drills.md: twenty minutes, as root.
drills: build
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=testing/drills/src/main/python python3 -m drillpage $(DRILLS)

# What needs a boot, another kernel or a device to plug in: in a machine of its own. TESTS names some.
guest:
	tools/guest $(TESTS)

test:
	$(MVN) verify

format:
	$(MVN) $(QUIET) com.diffplug.spotless:spotless-maven-plugin:apply

clean:
	$(MVN) $(QUIET) clean
	rm -rf build
