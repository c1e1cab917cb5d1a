# Yimen. Targets: all (default), run, install, deb, test, faults, soak, deb-test, check, bench, fuzz, clean.
# See CONTRIBUTING.md.
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/bash
.DELETE_ON_ERROR:
.SECONDARY:

CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
PORT ?= 8480
DEMO ?= demo-data

PACKAGES := sqlite3 libpq jansson libsodium liboath libcrypto libfyaml libqrencode expat zlib icu-uc opencc libcurl cjose
# Asked once and only when something is built: `make setup` runs before pkg-config is there.
pkg = $(eval pkg-$(1) := $$(shell pkg-config --$(1) $(PACKAGES)))$(pkg-$(1))
CPPFLAGS = -Isrc -Ibuild/gen -D_GNU_SOURCE $(or $(pkg-cflags),$(call pkg,cflags))
WARN := -Wall -Wextra -Wshadow -Werror -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-Wno-missing-field-initializers
CFLAGS ?= -O2 -g
CSTD := -std=c17 -pthread -fno-strict-aliasing -fstack-protector-strong
LIBS = $(or $(pkg-libs),$(call pkg,libs)) -lm -pthread

# The kinds of build: plain, address (ASan and UBSan), thread (TSan), fuzz. Each has its folder.
FLAGS_plain := $(CFLAGS)
FLAGS_address := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
	-DYIMEN_CHECK_AHEAD
FLAGS_thread := -O1 -g -fsanitize=thread
FLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FUZZ_SECONDS ?= 60

ALL := $(shell find src -name '*.c')
TESTS := $(filter %_test.c,$(ALL))
BENCHES := $(filter %_bench.c,$(ALL))
FUZZERS := $(filter %_fuzz.c,$(ALL))
CODE := $(filter-out $(TESTS) $(BENCHES) $(FUZZERS) src/main.c,$(ALL))
WEB_CSS := build/web/yimen.css
WEB_CHARTS := build/web/charts.js
PAGES := $(shell find src -name '*.html')
ENGLISH := $(PAGES:src/%=build/en/%)
ASSETS := $(PAGES) $(ENGLISH) build/en.mo $(shell find src -name '*.sql' -o -name '*.svg') $(WEB_CSS) \
	$(sort $(wildcard web/*.js)) $(WEB_CHARTS) $(sort $(wildcard cities/pinghu/calendars/*.yaml))

objects = $(patsubst src/%.c,build/$(1)/%.o,$(2)) build/$(1)/assets.o

all: build/yimen

build/yimen: build/plain/main.o build/plain/libyimen.a
	$(CC) $(FLAGS_plain) -o $@ $^ $(LIBS)

define kind
build/$(1)/%.o: src/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CSTD) $$(WARN) $$(CPPFLAGS) $$(FLAGS_$(1)) -MMD -MP -c -o $$@ $$<
build/$(1)/assets.o: build/gen/assets.c
	@mkdir -p $$(@D)
	$$(CC) $$(CSTD) $$(CPPFLAGS) $$(FLAGS_$(1)) -c -o $$@ $$<
build/$(1)/libyimen.a: $(call objects,$(1),$(CODE))
	@rm -f $$@
	ar qcs $$@ $$^
build/$(1)/%_test: build/$(1)/%_test.o build/$(1)/libyimen.a
	$$(CC) $$(FLAGS_$(1)) -o $$@ $$^ $$(LIBS) -lcmocka
build/$(1)/%_bench: build/$(1)/%_bench.o build/$(1)/libyimen.a
	$$(CC) $$(FLAGS_$(1)) -o $$@ $$^ $$(LIBS) -lmicrohttpd
build/$(1)/yimen: build/$(1)/main.o build/$(1)/libyimen.a
	$$(CC) $$(FLAGS_$(1)) -o $$@ $$^ $$(LIBS)
endef
$(foreach k,plain address thread fuzz,$(eval $(call kind,$(k))))

# libFuzzer is clang's.
build/fuzz/%: CC := clang
build/fuzz/%_fuzz: build/fuzz/%_fuzz.o build/fuzz/libyimen.a
	$(CC) $(FLAGS_fuzz) -fsanitize=fuzzer -o $@ $^ $(LIBS)

# What the fault tests need beside the program itself.
FAULTS := build/faults/deadlines
build/faults/%: tests/faults/%.c build/plain/libyimen.a
	@mkdir -p $(@D)
	$(CC) $(CSTD) $(WARN) $(CPPFLAGS) $(FLAGS_plain) -o $@ $^ $(LIBS)

build/embed: tools/embed.c
	@mkdir -p $(@D)
	$(CC) -O2 -std=c17 -D_GNU_SOURCE $(WARN) -o $@ $< -lcrypto

build/gen/assets.c: build/embed $(ASSETS)
	@mkdir -p $(@D)
	build/embed $(ASSETS) > $@

# What a search knows of each character: asked of ICU and OpenCC here, so that the program need not.
build/han: tools/han.c
	@mkdir -p $(@D)
	$(CC) -O2 -std=c17 -D_GNU_SOURCE $(WARN) -o $@ $< $$(pkg-config --cflags --libs opencc icu-i18n)

build/gen/base/han_table.h: build/han
	@mkdir -p $(@D)
	build/han > $@
$(patsubst %,build/%/base/han.o,plain address thread fuzz): build/gen/base/han_table.h

# English: po/en.po, looked up by the program, and the templates written out in it.
build/en.mo: po/en.po
	@mkdir -p $(@D)
	msgfmt -o $@ $<
build/en/.done: build/en.mo tools/po.py $(PAGES)
	tools/po.py pages $< build/en $(PAGES)
	@touch $@
$(ENGLISH): build/en/.done ;
# What was added in Chinese comes into po/en.po, to be translated there.
po:
	tools/po.py update

# Web assets come from npm by the lock file; the style sheet is compiled from web/*.scss.
web/node_modules/.done: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	touch $@
$(WEB_CSS): web/node_modules/.done $(wildcard web/*.scss)
	@mkdir -p $(@D)
	cd web && npx --no-install sass --no-source-map --style=compressed --quiet-deps \
		--load-path=node_modules yimen.scss ../$@

# The charts with what they need of ECharts.
$(WEB_CHARTS): web/node_modules/.done web/charts.mjs
	@mkdir -p $(@D)
	cd web && npx --no-install esbuild charts.mjs --bundle --minify --target=es2020 --legal-comments=none \
		--log-level=warning --outfile=../$@

# Where `make install` lays things down; DESTDIR goes before all of it.
prefix ?= /usr/local
sysconfdir ?= /etc
systemdunitdir ?= /etc/systemd/system
bindir = $(DESTDIR)$(prefix)/bin
datadir = $(DESTDIR)$(prefix)/share
INSTALL_FILE = install -D -m 644

build/yimen.1: build/yimen tools/man
	tools/man $< >$@

# A configuration that is there already stays as it is.
install: build/yimen build/yimen.1
	install -D -m 755 build/yimen $(bindir)/yimen
	$(INSTALL_FILE) build/yimen.1 $(datadir)/man/man1/yimen.1
	mkdir -p $(DESTDIR)$(systemdunitdir)
	sed 's#@prefix@#$(prefix)#g' packaging/yimen.service >$(DESTDIR)$(systemdunitdir)/yimen.service
	$(INSTALL_FILE) packaging/yimen.sysusers $(DESTDIR)$(prefix)/lib/sysusers.d/yimen.conf
	$(INSTALL_FILE) packaging/yimen.tmpfiles $(DESTDIR)$(prefix)/lib/tmpfiles.d/yimen.conf
	[ -e $(DESTDIR)$(sysconfdir)/yimen/yimen.yaml ] || \
		$(INSTALL_FILE) packaging/yimen.yaml $(DESTDIR)$(sysconfdir)/yimen/yimen.yaml
	$(INSTALL_FILE) -t $(datadir)/doc/yimen LICENSE NOTICE README.md docs/*.md
	$(INSTALL_FILE) -t $(datadir)/doc/yimen/examples docs/nginx.conf packaging/yimen.yaml
	for f in $$(find cities -type f); do $(INSTALL_FILE) $$f $(datadir)/yimen/$$f || exit 1; done

# build/yimen_VERSION_ARCH.deb
deb: build/yimen build/yimen.1
	tools/deb
# It is installed and serves in a Debian that holds nothing else; about a minute, as root.
deb-test: setup
	$(MAKE) all
	packaging/chroot_test

setup:
	tools/setup

JOBS ?= $(shell nproc)

run: setup
	$(MAKE) -j$(JOBS) all
	tools/demo $(DEMO) $(PORT)

# What runs in several threads is tested under TSan too; the fuzzers run for some seconds each.
THREADED := $(filter src/http/% src/flow/% src/door/% src/journal/journal_test.c \
	src/db/postgresql_test.c src/db/db_test.c,$(TESTS))
test: setup
	$(MAKE) -j$(JOBS) suite
suite: all $(FAULTS) build/thread/yimen $(patsubst src/%.c,build/address/%,$(TESTS)) \
		$(patsubst src/%.c,build/thread/%,$(THREADED)) $(patsubst src/%.c,build/fuzz/%,$(FUZZERS))
	tests/run

# The fault tests with their big numbers; about half an hour.
faults: setup
	$(MAKE) all $(FAULTS)
	for f in tests/faults/*.mjs; do [ ! -x $$f ] || YIMEN_FAULTS=full $$f || exit 1; done
	node tests/faults/soak.mjs 1

# Mixed load on each engine for so long: memory flat, no descriptor leaked.
SOAK_MINUTES ?= 60
soak: setup
	$(MAKE) all
	node tests/faults/soak.mjs $(SOAK_MINUTES)

check: setup
	$(MAKE) -j$(JOBS) all
	tools/check

bench: setup
	$(MAKE) -j$(JOBS) all $(patsubst src/%.c,build/plain/%,$(BENCHES))
	tools/bench
fuzz: $(patsubst src/%.c,build/fuzz/%,$(FUZZERS))
	tools/fuzz $(FUZZ_SECONDS)

# For tools/check: what clang, too, must find nothing to say of.
print-warnings:
	@echo $(WARN)

clean:
	rm -rf build

-include $(patsubst src/%.c,build/plain/%.d,$(ALL)) $(patsubst src/%.c,build/address/%.d,$(ALL)) \
	$(patsubst src/%.c,build/thread/%.d,$(ALL))

.PHONY: all setup run po install deb deb-test test suite faults soak check bench fuzz print-warnings clean
