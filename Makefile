# Two commands: `make run` starts shian with its sample city, `make test` checks everything.
.PHONY: run test setup web build tidy fmt openapi clean-city help

help:
	@echo 'make run         build what changed and serve http://127.0.0.1:8080/'
	@echo 'make test        everything: format, lints, house rules, both databases, web, browser'
	@echo 'make web         build the front ends'
	@echo 'make openapi     write openapi.json and the TypeScript client from the route table'
	@echo 'make clean-city  forget the sample city (data/live)'

run: build
	@exec target/release/shian serve --sample puyang

build: web
	@cargo build --release -p server

web:
	@tools/setup.sh run
	@tools/web.sh

openapi:
	@cargo run -q -p server -- contract > openapi.json
	@cd web/console && npm run -s api

tidy:
	@cargo run -q -p xtask -- tidy

fmt:
	@cargo fmt --all

test:
	@tools/test.sh

clean-city:
	@rm -rf data/live
