# What a developer and continuous integration type. `make check` is the whole truth.

MVN := ./mvnw -B -ntp

include testing/benchmarks/bench.mk
# Silent but for warnings: a warning is why a compilation failed.
QUIET := -Dorg.slf4j.simpleLogger.defaultLogLevel=warn
export MAVEN_OPTS ?= -Xmx1g

.PHONY: check needs compile build shell-check test unit-test system-test campaign deb image node-image site drills guest format clean

# Everything that must hold; ends with the test runner's own count. The tests of modules are busy and those
# in shell mostly wait: both at once, each told whole when it has ended. Real agents have the machine alone.
check: needs build
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target shell-check unit-test
	@$(MAKE) --no-print-directory system-test

needs:
	@tools/install-needs test
	@tools/install-needs image
	@tools/install-needs site

# Formatting, compilation with every warning an error, and the jars.
compile:
	$(MVN) $(QUIET) package -DskipTests

# What ./redoubt would build by itself when it is missing or out of date; tests start it.
# What the libraries are is asked here, since packages are built while Maven is busy with tests.
build:
	./redoubt --build
	@tools/list-parts build/parts.json

shell-check:
	testing/shell/run

# The long campaigns of which `check` runs a sample: hours; stopped, it goes on where it was.
campaign:
	tools/campaign $(if $(ROUNDS)$(PARTS),$(or $(ROUNDS),5) $(PARTS))

# The Debian package, with a Java runtime of its own: as root.
deb:
	tools/build-deb build/deb

# An image of the fleet's server, as an OCI layout: as root.
image:
	tools/build-image build/image

# An image of the node agent, as an OCI layout, with the package in it: as root.
node-image:
	tools/build-node-image build/node-image

# The documentation as a site.
site:
	tools/build-site build/site

# Plays every drill, whole and with each stage left out, and writes docs/drills.md: twenty minutes, as root.
drills: build
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=testing/drills/src/main/python python3 -m drillpage $(DRILLS)

# What needs a boot, another kernel or a device to plug in: in a machine of its own. TESTS names some.
guest:
	tools/guest $(TESTS)

test: unit-test system-test

# Every module but the tests on the real kernel.
unit-test:
	$(MVN) verify -pl '!testing/system'

# Real agents on the real kernel.
system-test:
	$(MVN) verify -pl testing/system -am -Dtest='redoubt/testing/system/*Test' -Dsurefire.failIfNoSpecifiedTests=false

format:
	$(MVN) $(QUIET) com.diffplug.spotless:spotless-maven-plugin:apply

clean:
	$(MVN) $(QUIET) clean
	rm -rf build
